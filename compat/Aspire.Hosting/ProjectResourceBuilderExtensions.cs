using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Describes .NET projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project that the AppHost references.</summary>
    /// <typeparam name="TProject">What the build knows about the project.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, [ResourceName] string name)
        where TProject : IProjectMetadata, new() => builder.AddProject(name, new TProject(), launchProfileName: null, withLaunchProfile: true);

    /// <summary>Adds a project that the AppHost references.</summary>
    /// <typeparam name="TProject">What the build knows about the project.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="launchProfileName">The launch profile; none when null.</param>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string? launchProfileName)
        where TProject : IProjectMetadata, new() =>
        builder.AddProject(name, new TProject(), launchProfileName, launchProfileName is not null);

    /// <summary>Adds a project.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="projectPath">Its project file; below the AppHost's folder when it is not rooted.</param>
    public static IResourceBuilder<ProjectResource> AddProject(this IDistributedApplicationBuilder builder, [ResourceName] string name, string projectPath) =>
        builder.AddProject(name, new ProjectAt(Path.GetFullPath(projectPath, builder.AppHostDirectory)), launchProfileName: null, withLaunchProfile: true);

    /// <summary>Lets a project not believe the headers of a proxy before it.</summary>
    /// <param name="builder">The project.</param>
    public static IResourceBuilder<ProjectResource> DisableForwardedHeaders(this IResourceBuilder<ProjectResource> builder) =>
        builder.WithAnnotation(new DisableForwardedHeadersAnnotation(), ResourceAnnotationMutationBehavior.Replace);

    private static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder,
        string name,
        IProjectMetadata metadata,
        string? launchProfileName,
        bool withLaunchProfile)
    {
        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation(metadata);
        project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory");
        if (builder.ExecutionContext.IsRunMode && builder.Environment.IsDevelopment())
        {
            project
                .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "true")
                .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "true");
        }

        project.WithOtlpExporter();
        var profile = withLaunchProfile ? LaunchProfiles.Find(metadata.ProjectPath, launchProfileName, builder.Configuration) : null;
        return builder.ExecutionContext.IsRunMode ? project.Run(profile) : project.Publish(profile);
    }

    private static IResourceBuilder<ProjectResource> Run(this IResourceBuilder<ProjectResource> project, LaunchProfiles.Profile? profile)
    {
        project.WithEnvironment(context =>
        {
            var urls = new ReferenceExpressionBuilder();
            foreach (var endpoint in project.Resource.GetEndpoints().Where(e => e.IsHttp || e.IsHttps))
            {
                urls.AppendLiteral(urls.IsEmpty ? "" : ";");
                urls.Append($"{endpoint.Property(EndpointProperty.Scheme)}://{endpoint.EndpointAnnotation.TargetHost}:{endpoint.Property(EndpointProperty.TargetPort)}");
            }

            if (!urls.IsEmpty)
            {
                context.EnvironmentVariables.TryAdd("ASPNETCORE_URLS", urls.Build());
            }
        });
        if (profile is null)
        {
            return project;
        }

        foreach (var (endpointName, uri) in profile.Endpoints)
        {
            project.WithEndpoint(endpointName, endpoint =>
            {
                endpoint.Port = uri.Port;
                endpoint.TargetHost = uri.Host;
                endpoint.UriScheme = uri.Scheme;
                endpoint.Transport = "http";
                endpoint.FromLaunchProfile = true;
            });
        }

        return project.WithEnvironment(context =>
        {
            context.EnvironmentVariables.TryAdd("DOTNET_LAUNCH_PROFILE", profile.Name);
            foreach (var (variable, value) in profile.EnvironmentVariables)
            {
                context.EnvironmentVariables.TryAdd(variable, Environment.ExpandEnvironmentVariables(value));
            }
        });
    }

    private static IResourceBuilder<ProjectResource> Publish(this IResourceBuilder<ProjectResource> project, LaunchProfiles.Profile? profile)
    {
        project.WithEnvironment(context =>
        {
            if (project.Resource.GetEndpoints().Any() && !project.Resource.HasAnnotationOfType<DisableForwardedHeadersAnnotation>())
            {
                context.EnvironmentVariables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
            }

            var ports = new ReferenceExpressionBuilder();
            foreach (var endpoint in project.Resource.GetEndpoints().Where(e => e.IsHttp))
            {
                ports.AppendLiteral(ports.IsEmpty ? "" : ";");
                ports.Append($"{endpoint.Property(EndpointProperty.TargetPort)}");
            }

            if (!ports.IsEmpty)
            {
                context.EnvironmentVariables["HTTP_PORTS"] = ports.Build();
            }
        });
        if (profile is { Endpoints.Count: > 0 })
        {
            // Ports of a launch profile are for this machine only; in a deployment each scheme has one endpoint.
            project.WithEndpoint("http", endpoint => (endpoint.UriScheme, endpoint.Transport) = ("http", "http"));
            project.WithEndpoint("https", endpoint => (endpoint.UriScheme, endpoint.Transport) = ("https", "http"));
        }

        return project;
    }

    private sealed record ProjectAt(string ProjectPath) : IProjectMetadata;

    private sealed class DisableForwardedHeadersAnnotation : IResourceAnnotation;
}
