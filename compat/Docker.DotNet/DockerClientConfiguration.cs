namespace Docker.DotNet;

/// <summary>Where the engine is, and how to speak to it.</summary>
public class DockerClientConfiguration : IDisposable
{
    /// <summary>The engine of this machine.</summary>
    public DockerClientConfiguration(
        Credentials credentials = null,
        TimeSpan defaultTimeout = default,
        TimeSpan namedPipeConnectTimeout = default,
        IReadOnlyDictionary<string, string> defaultHttpRequestHeaders = null)
        : this(LocalEndpoint(), credentials, defaultTimeout, namedPipeConnectTimeout, defaultHttpRequestHeaders)
    {
    }

    /// <summary>The engine at <c>unix:///path</c>, <c>tcp://host:port</c>, <c>http://</c> or <c>https://</c>.</summary>
    public DockerClientConfiguration(
        Uri endpoint,
        Credentials credentials = null,
        TimeSpan defaultTimeout = default,
        TimeSpan namedPipeConnectTimeout = default,
        IReadOnlyDictionary<string, string> defaultHttpRequestHeaders = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (defaultTimeout < Timeout.InfiniteTimeSpan) throw new ArgumentException("Default timeout must be greater than -1", nameof(defaultTimeout));

        EndpointBaseUri = endpoint;
        Credentials = credentials ?? new AnonymousCredentials();
        // The two defaults are the real package's.
        DefaultTimeout = defaultTimeout == default ? TimeSpan.FromSeconds(100) : defaultTimeout;
        NamedPipeConnectTimeout = namedPipeConnectTimeout == default ? TimeSpan.FromMilliseconds(100) : namedPipeConnectTimeout;
        DefaultHttpRequestHeaders = defaultHttpRequestHeaders ?? new Dictionary<string, string>();
    }

    /// <summary>Sent with every request.</summary>
    public IReadOnlyDictionary<string, string> DefaultHttpRequestHeaders { get; }

    /// <summary>Where the engine is.</summary>
    public Uri EndpointBaseUri { get; }

    /// <summary>Who is asking.</summary>
    public Credentials Credentials { get; }

    /// <summary>How long a request may take that is neither a stream nor waits for a container.</summary>
    public TimeSpan DefaultTimeout { get; }

    /// <summary>Of Windows' named pipes, which this stand-in does not speak.</summary>
    public TimeSpan NamedPipeConnectTimeout { get; }

    /// <summary>A client; without a version the engine answers in its newest.</summary>
    public DockerClient CreateClient(Version requestedApiVersion = null) => new(this, requestedApiVersion);

    /// <inheritdoc />
    public void Dispose()
    {
        Credentials.Dispose();
        GC.SuppressFinalize(this);
    }

    private static Uri LocalEndpoint() =>
        new(OperatingSystem.IsWindows() ? "npipe://./pipe/docker_engine" : "unix:/var/run/docker.sock");
}
