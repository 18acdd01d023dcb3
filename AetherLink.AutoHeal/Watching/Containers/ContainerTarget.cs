using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.Settings;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace AetherLink.AutoHeal.Watching.Containers;

/// <summary>A labelled container of the Docker engine: well when the engine says so, and its health URL, if it has one, too.</summary>
internal sealed class ContainerTarget(string name, string id, Uri? health, IDockerClient engine, ContainerLives lives, Probe probe) : HealTarget(name)
{
    /// <summary>What <c>docker restart</c> gives a process to end by itself.</summary>
    private const uint SecondsBeforeKill = 10;

    /// <summary>128 and SIGKILL's 9.</summary>
    private const long KilledExitCode = 137;

    public string Id => id;

    /// <summary>Where it is asked, beside the engine's own health check.</summary>
    public Uri? Health => health;

    public override string Kind => "container";

    public override async Task<Sighting> LookAsync(CancellationToken cancellationToken)
    {
        var sighting = await AskEngineAsync(cancellationToken);
        return sighting.Sign == Sign.Healthy && health is not null && await probe.AskAsync(health, cancellationToken) is { } fault
            ? new Sighting(Sign.Failing, fault)
            : sighting;
    }

    /// <summary>By the engine's list, where that says it all: one question for a thousand containers.</summary>
    public Task<Sighting> LookAsync(ContainerListResponse listed, CancellationToken cancellationToken) =>
        listed.State == "running"
            ? Task.FromResult(Read("running", ContainerReading.HealthIn(listed.Status), 0, false))
            : AskEngineAsync(cancellationToken);

    public async Task<Sighting> AskEngineAsync(CancellationToken cancellationToken)
    {
        try
        {
            var state = (await engine.Containers.InspectContainerAsync(id, cancellationToken)).State;
            return Read(state.Status, state.Health?.Status, state.ExitCode, state.OOMKilled);
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
        lives.Commanded(id);
        try
        {
            await engine.Containers.RestartContainerAsync(
                id, new ContainerRestartParameters { WaitBeforeKillSeconds = SecondsBeforeKill }, time.Token);
        }
        catch (OperationCanceledException cancelled) when (!cancellationToken.IsCancellationRequested)
        {
            lives.CommandFailed(id);
            throw new HealFailedException($"The engine did not finish within {HealSettings.CommandTimeout.TotalSeconds} s.", cancelled);
        }
        catch (DockerApiException refused)
        {
            lives.CommandFailed(id);
            throw new HealFailedException($"The engine refused: {refused.Message}", refused);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            lives.CommandFailed(id);
            throw new HealFailedException($"The engine went away during the restart: {failure.Message}", failure);
        }
    }

    public override async Task<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await LookAsync(cancellationToken)).Sign == Sign.Healthy;
        }
        catch (Exception failure) when (EngineWatch.IsAbsence(failure) && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    public override async Task<string?> HowItEndedAsync(CancellationToken cancellationToken)
    {
        try
        {
            var state = (await engine.Containers.InspectContainerAsync(id, cancellationToken)).State;
            return state.Status is "exited" or "dead" ? Read(state.Status, null, state.ExitCode, state.OOMKilled).Reason : null;
        }
        catch (DockerContainerNotFoundException)
        {
            return "It was removed.";
        }
        catch (Exception failure) when (EngineWatch.IsAbsence(failure) && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private Sighting Read(string status, string? healthStatus, long exitCode, bool outOfMemory)
    {
        if (status == "running")
            lives.SawRunning(id);
        // By SIGKILL, which the kernel sends: what ended otherwise after that had its own reason.
        outOfMemory |= exitCode == KilledExitCode && lives.RanOutOfMemory(id);
        return ContainerReading.Read(status, healthStatus, exitCode, outOfMemory, lives.EndingOf(id), lives.SinceOf(id), lives.IsLooping(id));
    }
}
