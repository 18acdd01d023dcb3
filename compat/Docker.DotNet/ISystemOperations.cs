using Docker.DotNet.Models;

namespace Docker.DotNet;

/// <summary>What can be asked of the engine itself.</summary>
public interface ISystemOperations
{
    /// <summary>Its versions.</summary>
    Task<VersionResponse> GetVersionAsync(CancellationToken cancellationToken = default);

    /// <summary>Whether it answers.</summary>
    Task PingAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Reports events until the engine ends the stream (it returns) or the token is cancelled (it throws). With
    /// <see cref="ContainerEventsParameters.Since"/> what happened meanwhile comes first: so a watcher misses nothing across a
    /// reconnect.
    /// </summary>
    Task MonitorEventsAsync(ContainerEventsParameters parameters, IProgress<Message> progress, CancellationToken cancellationToken = default);
}
