using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.Settings;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace AetherLink.AutoHeal.Watching;

/// <summary>A labelled container of the Docker engine.</summary>
internal sealed class ContainerTarget(string name, string id, IDockerClient engine) : HealTarget(name)
{
    /// <summary>What <c>docker restart</c> gives a process to end by itself.</summary>
    private const uint SecondsBeforeKill = 10;

    public override string Kind => "container";

    public override async Task<Sighting> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var state = (await engine.Containers.InspectContainerAsync(id, cancellationToken)).State;
            return ContainerReading.Read(state.Status, state.Health?.Status, state.ExitCode, state.OOMKilled);
        }
        catch (DockerContainerNotFoundException)
        {
            return new Sighting(Sign.Stopped, "It was removed.");
        }
    }

    public override Task<string> ActionAsync(CancellationToken cancellationToken) => Task.FromResult("restart");

    public override async Task ActAsync(string action, CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(HealSettings.CommandTimeout);
        try
        {
            await engine.Containers.RestartContainerAsync(
                id, new ContainerRestartParameters { WaitBeforeKillSeconds = SecondsBeforeKill }, time.Token);
        }
        catch (OperationCanceledException cancelled) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HealFailedException($"The engine did not finish within {HealSettings.CommandTimeout.TotalSeconds} s.", cancelled);
        }
        catch (Exception failure) when (failure is DockerApiException or HttpRequestException or IOException)
        {
            throw new HealFailedException($"The engine refused: {failure.Message}", failure);
        }
    }

    public override async Task<bool> IsHealthyAsync(CancellationToken cancellationToken) =>
        (await LookAsync(cancellationToken)).Sign == Sign.Healthy;
}
