using System.Text.Json;
using AetherLink.AppHost.MeshControl;
using AetherLink.AppHost.Resources;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.AppHost;

/// <summary>What every service of the mesh is given, and the words that AppHost.cs uses for it.</summary>
internal static class MeshService
{
    /// <summary>
    /// The home of the user that .NET's images run as. A new volume takes over the owner of the folder it is mounted at; anywhere else it
    /// would be root's, and nothing could be written.
    /// </summary>
    private const string AppHome = "/home/app";

    /// <summary>A secret that is made once, kept in user secrets, and replaced by <c>Parameters:NAME</c> where given.</summary>
    public static IResourceBuilder<ParameterResource> AddGeneratedSecret(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(
            name,
            // Letters and digits: the value travels in environment variables, URLs and configuration files.
            new GenerateParameterDefault { MinLength = 48, Special = false },
            secret: true,
            persist: true);

    /// <summary>A secret that may be missing: the empty text then, which the service reads as "not configured".</summary>
    public static IResourceBuilder<ParameterResource> AddOptionalSecret(this IDistributedApplicationBuilder builder, string name) =>
        builder.ExecutionContext.IsPublishMode
            ? builder.AddParameter(name, secret: true)
            : builder.AddParameter(name, () => builder.Configuration[$"Parameters:{name}"] ?? "", secret: true);

    /// <summary>The mesh key, a data folder of its own, and a readiness probe.</summary>
    public static IResourceBuilder<ProjectResource> AsMeshService(
        this IResourceBuilder<ProjectResource> service, IResourceBuilder<ParameterResource> meshKey)
    {
        service.WithEnvironment("MESH_KEY", meshKey).WithHttpHealthCheck("/health");
        return service.ApplicationBuilder.ExecutionContext.IsRunMode
            ? service.WithEnvironment("DATA_DIR", DataFolder(service))
            : service.WithEnvironment("DATA_DIR", $"{AppHome}/data")
                // Spools, journals and sessions outlive the container: what a killed service had not handed on is there when it is back.
                // By the annotation, which every publisher reads of any resource: WithVolume is there for containers alone.
                .WithAnnotation(new ContainerMountAnnotation($"aetherlink-{service.Resource.Name}", AppHome, ContainerMountType.Volume, isReadOnly: false));
    }

    /// <summary>The database's files outlive the run, unless <c>AetherLink:Ephemeral</c> says otherwise (tests do).</summary>
    public static IResourceBuilder<PostgresServerResource> WithKeptData(this IResourceBuilder<PostgresServerResource> postgres) =>
        postgres.ApplicationBuilder.Configuration.GetValue("AetherLink:Ephemeral", false)
            ? postgres
            : postgres.WithDataVolume("aetherlink-postgres");

    /// <summary>
    /// Enrols services for restarts: AutoHeal restarts nothing that is not named here. The database's server is well when one can sign in to
    /// it, and what waits for it is not restarted while it is down; in run mode it is enrolled itself, elsewhere its platform restarts it.
    /// </summary>
    public static IResourceBuilder<ProjectResource> Heals(
        this IResourceBuilder<ProjectResource> autoHeal, IResourceBuilder<PostgresDatabaseResource> database,
        params IResourceBuilder<ProjectResource>[] services)
    {
        var (names, server) = (services.Select(service => service.Resource.Name), database.Resource.Parent.Name);
        var enrolled = names;
        if (autoHeal.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            enrolled = names.Append(server);
            // Everything starts at once, on a machine that may be building as well: a service that is restarted for being slow is slower still.
            autoHeal.WithEnvironment("AUTOHEAL_GRACE_SECONDS", "60");
        }
        return autoHeal
            .WithEnvironment("AUTOHEAL_SERVICES", JsonSerializer.Serialize(enrolled))
            .WithEnvironment("AUTOHEAL_HEALTH_ENDPOINTS", JsonSerializer.Serialize(
                new Dictionary<string, string> { [server] = $"connectionstring:{database.Resource.Name}" }))
            .WithEnvironment("AUTOHEAL_DEPENDENCIES", JsonSerializer.Serialize(
                services.Select(service => service.Resource).Where(service => WaitsFor(service, server))
                    .ToDictionary(service => service.Name, _ => new[] { server })));
    }

    /// <summary>
    /// Tells a service which references the model has: who needs whom. They are read when the service starts, after the model has them all.
    /// </summary>
    public static IResourceBuilder<ProjectResource> KnowsWhoNeedsWhom(this IResourceBuilder<ProjectResource> service) =>
        service.WithEnvironment(context => context.EnvironmentVariables["MESH_DEPENDENCIES"] = JsonSerializer.Serialize(
            service.ApplicationBuilder.Resources.OfType<ProjectResource>()
                .OrderBy(resource => resource.Name, StringComparer.Ordinal)
                .ToDictionary(resource => resource.Name, Needs)));

    /// <summary>
    /// Tells the Web where a person's browser finds the tools beside the mesh: this machine's, and Aspire's own dashboard. In run mode only:
    /// a deployment has addresses of its own for them.
    /// </summary>
    public static IResourceBuilder<ProjectResource> LinksTo(
        this IResourceBuilder<ProjectResource> web, IResourceBuilder<PrometheusResource> prometheus, IResourceBuilder<GrafanaResource> grafana) =>
        web.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? web
            : web.WithEnvironment(context =>
            {
                context.EnvironmentVariables["Tools__Grafana"] = grafana.GetEndpoint("http");
                context.EnvironmentVariables["Tools__Prometheus"] = prometheus.GetEndpoint("http");
                // Where this process serves the dashboard, by the variable that the dashboard goes by.
                if (web.ApplicationBuilder.Configuration["ASPNETCORE_URLS"]?.Split(';') is [{ Length: > 0 } dashboard, ..])
                    context.EnvironmentVariables["Tools__Dashboard"] = dashboard;
            });

    private static string[] Needs(ProjectResource service) =>
    [
        .. service.Annotations.OfType<ResourceRelationshipAnnotation>()
            .Where(relationship => relationship.Type == "Reference")
            .Select(relationship => (relationship.Resource as PostgresDatabaseResource)?.Parent.Name ?? relationship.Resource.Name)
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    private static bool WaitsFor(ProjectResource service, string server) =>
        service.Annotations.OfType<WaitAnnotation>().Any(wait =>
            wait.Resource.Name == server || (wait.Resource as PostgresDatabaseResource)?.Parent.Name == server);

    /// <summary>
    /// Lets a service restart the mesh's own resources, through an endpoint in this process. In run mode only: where the
    /// mesh is deployed, its platform restarts things.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithMeshControl(
        this IResourceBuilder<ProjectResource> service, IResourceBuilder<ParameterResource> meshKey)
    {
        var builder = service.ApplicationBuilder;
        if (builder.ExecutionContext.IsPublishMode)
        {
            return service;
        }

        builder.Services.AddSingleton(services => new MeshControlHost(services, meshKey.Resource));
        return service.WithEnvironment(async context =>
        {
            var control = context.ExecutionContext.ServiceProvider.GetRequiredService<MeshControlHost>();
            context.EnvironmentVariables["services__mesh-control__http__0"] = await control.StartAsync(context.CancellationToken);
        });
    }

    private static string DataFolder(IResourceBuilder<ProjectResource> service)
    {
        var builder = service.ApplicationBuilder;
        var root = builder.Configuration["AetherLink:DataDirectory"]
            ?? Path.Combine(builder.AppHostDirectory, "..", ".aether", "data");
        return Path.GetFullPath(Path.Combine(root, service.Resource.Name));
    }
}
