namespace Docker.DotNet;

/// <summary>A client of a Docker engine; made by <see cref="DockerClientConfiguration.CreateClient"/>.</summary>
public sealed class DockerClient : IDockerClient
{
    private readonly Engine _engine;

    internal DockerClient(DockerClientConfiguration configuration, Version requestedApiVersion)
    {
        Configuration = configuration;
        DefaultTimeout = configuration.DefaultTimeout;
        _engine = new(configuration, requestedApiVersion);
        Containers = new ContainerOperations(_engine, this);
        System = new SystemOperations(_engine, this);
    }

    /// <inheritdoc />
    public DockerClientConfiguration Configuration { get; }

    /// <inheritdoc />
    public TimeSpan DefaultTimeout { get; set; }

    /// <inheritdoc />
    public IContainerOperations Containers { get; }

    /// <inheritdoc />
    public ISystemOperations System { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        Configuration.Dispose();
        _engine.Dispose();
    }
}
