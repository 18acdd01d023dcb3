using System.Net;
using Docker.DotNet.Models;

namespace Docker.DotNet;

internal sealed class ContainerOperations(Engine engine, DockerClient client) : IContainerOperations
{
    public async Task<IList<ContainerListResponse>> ListContainersAsync(ContainersListParameters parameters, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var query = new Query().Add("size", parameters.Size).Add("all", parameters.All).Add("since", parameters.Since)
            .Add("before", parameters.Before).Add("limit", parameters.Limit).Add("filters", parameters.Filters);
        return await engine.GetAsync($"containers/json{query}", EngineJson.Default.IListContainerListResponse, client.DefaultTimeout, cancellationToken).ConfigureAwait(false);
    }

    public Task<ContainerInspectResponse> InspectContainerAsync(string id, CancellationToken cancellationToken = default) =>
        engine.GetAsync(Path(id, "json"), EngineJson.Default.ContainerInspectResponse, client.DefaultTimeout, cancellationToken, ofContainer: true);

    public async Task<bool> StartContainerAsync(string id, ContainerStartParameters parameters, CancellationToken cancellationToken = default)
    {
        var query = new Query().Add("detachKeys", parameters?.DetachKeys);
        return await engine.PostAsync(Path(id, $"start{query}"), client.DefaultTimeout, cancellationToken).ConfigureAwait(false) != HttpStatusCode.NotModified;
    }

    // A container may take as long to stop as it was given: no limit but the caller's token, here and at a restart.
    public async Task<bool> StopContainerAsync(string id, ContainerStopParameters parameters, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var query = new Query().Add("t", parameters.WaitBeforeKillSeconds);
        return await engine.PostAsync(Path(id, $"stop{query}"), Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false) != HttpStatusCode.NotModified;
    }

    public Task RestartContainerAsync(string id, ContainerRestartParameters parameters, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var query = new Query().Add("t", parameters.WaitBeforeKillSeconds);
        return engine.PostAsync(Path(id, $"restart{query}"), Timeout.InfiniteTimeSpan, cancellationToken);
    }

    public Task KillContainerAsync(string id, ContainerKillParameters parameters, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var query = new Query().Add("signal", parameters.Signal);
        return engine.PostAsync(Path(id, $"kill{query}"), client.DefaultTimeout, cancellationToken);
    }

    public Task PauseContainerAsync(string id, CancellationToken cancellationToken = default) =>
        engine.PostAsync(Path(id, "pause"), client.DefaultTimeout, cancellationToken);

    public Task UnpauseContainerAsync(string id, CancellationToken cancellationToken = default) =>
        engine.PostAsync(Path(id, "unpause"), client.DefaultTimeout, cancellationToken);

    private static string Path(string id, string rest)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return $"containers/{Uri.EscapeDataString(id)}/{rest}";
    }
}
