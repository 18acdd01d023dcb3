namespace Docker.DotNet;

/// <summary>A Docker engine.</summary>
public interface IDockerClient : IDisposable
{
    /// <summary>What the client was made of.</summary>
    DockerClientConfiguration Configuration { get; }

    /// <summary>How long a request may take that is neither a stream nor waits for a container.</summary>
    TimeSpan DefaultTimeout { get; set; }

    /// <summary>Its containers.</summary>
    IContainerOperations Containers { get; }

    /// <summary>The engine itself.</summary>
    ISystemOperations System { get; }
}
