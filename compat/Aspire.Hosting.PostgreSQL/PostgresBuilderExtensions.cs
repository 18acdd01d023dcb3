using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Describes Postgres servers and databases.</summary>
public static class PostgresBuilderExtensions
{
    /// <summary>Adds a Postgres server.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="userName">Who logs in; postgres when not given.</param>
    /// <param name="password">With what password; one made at random and kept when not given.</param>
    /// <param name="port">Its port; any when not given.</param>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var passwordParameter = password?.Resource
            ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password");
        var server = new PostgresServerResource(name, userName?.Resource, passwordParameter);
        var resource = builder.AddResource(server)
            .WithEndpoint(port: port, targetPort: 5432, name: PostgresServerResource.PrimaryEndpointName)
            .WithImage("library/postgres", "18.3")
            .WithImageRegistry("docker.io")
            .WithEnvironment("POSTGRES_HOST_AUTH_METHOD", "scram-sha-256")
            .WithEnvironment("POSTGRES_INITDB_ARGS", "--auth-host=scram-sha-256 --auth-local=scram-sha-256")
            .WithEnvironment(context =>
            {
                context.EnvironmentVariables["POSTGRES_USER"] = server.UserNameReference;
                context.EnvironmentVariables["POSTGRES_PASSWORD"] = server.PasswordParameter;
            })
            .OnResourceReady((_, _, cancellationToken) => PostgresDatabases.CreateMissingAsync(server, cancellationToken));

        LocalPostgres? local = null;
        if (builder.ExecutionContext.IsRunMode && PostgresInstallation.Find() is { } installation)
        {
            local = new LocalPostgres(server, installation);
            resource.WithAnnotation(new LocalProcessAnnotation(local.PrepareAsync));
        }

        return resource.WithCheck($"{name}_check", new PostgresHealthCheck(server, server.ConnectionStringExpression, "postgres", local));
    }

    /// <summary>Adds a database; it is made in the server when it is missing.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">Its name in the model.</param>
    /// <param name="databaseName">Its name in the server, when not the same.</param>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder,
        [ResourceName] string name,
        string? databaseName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.Add(database);
        return builder.ApplicationBuilder.AddResource(database)
            .WithCheck($"{name}_check", new PostgresHealthCheck(builder.Resource, builder.Resource.ConnectionStringExpression, database.DatabaseName, null));
    }

    /// <summary>Keeps the server's data in a volume.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">The volume; one of this AppHost when not given.</param>
    /// <param name="isReadOnly">Whether the server may only read it.</param>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder,
        string? name = null,
        bool isReadOnly = false) =>
        builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), DataFolder(builder.Resource), isReadOnly);

    /// <summary>Keeps the server's data in a folder of this machine.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="source">The folder.</param>
    /// <param name="isReadOnly">Whether the server may only read it.</param>
    public static IResourceBuilder<PostgresServerResource> WithDataBindMount(
        this IResourceBuilder<PostgresServerResource> builder,
        string source,
        bool isReadOnly = false) => builder.WithBindMount(source, DataFolder(builder.Resource), isReadOnly);

    /// <summary>Sets the server's port.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="port">The port; any when null.</param>
    public static IResourceBuilder<PostgresServerResource> WithHostPort(this IResourceBuilder<PostgresServerResource> builder, int? port) =>
        builder.WithEndpoint(PostgresServerResource.PrimaryEndpointName, endpoint => endpoint.Port = port);

    // Where the image keeps its data: a mount there is where this machine's server keeps it. Version 18 has moved it.
    internal static string DataFolder(PostgresServerResource server) =>
        server.TryGetLastAnnotation<ContainerImageAnnotation>(out var image)
        && int.TryParse(image.Tag?.Split('.', '-')[0], CultureInfo.InvariantCulture, out var version)
        && version < 18
            ? "/var/lib/postgresql/data"
            : "/var/lib/postgresql";

    private static IResourceBuilder<T> WithCheck<T>(this IResourceBuilder<T> builder, string key, IHealthCheck check)
        where T : IResource
    {
        builder.ApplicationBuilder.Services.AddHealthChecks().AddCheck(key, check);
        return builder.WithHealthCheck(key);
    }
}
