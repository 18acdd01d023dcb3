using Docker.DotNet.Models;

namespace Docker.DotNet;

/// <summary>What can be done to containers; an id may also be a name.</summary>
public interface IContainerOperations
{
    /// <summary>The running containers, or all of them.</summary>
    Task<IList<ContainerListResponse>> ListContainersAsync(ContainersListParameters parameters, CancellationToken cancellationToken = default);

    /// <summary>Everything about one.</summary>
    /// <exception cref="DockerContainerNotFoundException">No such container.</exception>
    Task<ContainerInspectResponse> InspectContainerAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Starts it; false when it ran already.</summary>
    /// <exception cref="DockerContainerNotFoundException">No such container.</exception>
    Task<bool> StartContainerAsync(string id, ContainerStartParameters parameters, CancellationToken cancellationToken = default);

    /// <summary>Stops it; false when it was stopped already.</summary>
    /// <exception cref="DockerContainerNotFoundException">No such container.</exception>
    Task<bool> StopContainerAsync(string id, ContainerStopParameters parameters, CancellationToken cancellationToken = default);

    /// <summary>Stops and starts it.</summary>
    /// <exception cref="DockerContainerNotFoundException">No such container.</exception>
    Task RestartContainerAsync(string id, ContainerRestartParameters parameters, CancellationToken cancellationToken = default);

    /// <summary>Sends it a signal; SIGKILL when none is named.</summary>
    /// <exception cref="DockerContainerNotFoundException">No such container.</exception>
    Task KillContainerAsync(string id, ContainerKillParameters parameters, CancellationToken cancellationToken = default);

    /// <summary>Freezes its processes.</summary>
    /// <exception cref="DockerContainerNotFoundException">No such container.</exception>
    Task PauseContainerAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Lets them go on.</summary>
    /// <exception cref="DockerContainerNotFoundException">No such container.</exception>
    Task UnpauseContainerAsync(string id, CancellationToken cancellationToken = default);
}
