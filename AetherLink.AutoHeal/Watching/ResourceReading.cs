using AetherLink.AutoHeal.Governing;

namespace AetherLink.AutoHeal.Watching;

/// <summary>What a resource's state says about a service whose probe has just failed.</summary>
/// <remarks>
/// The mesh does not say who ended a process, so this is careful: whatever could have been a person's doing is taken as
/// that, and left alone. An orderly end (exit code 0, or by SIGINT 130, SIGTERM 143), an end that came out of
/// <c>Stopping</c> (also when it took a kill), and an end without a code are a person's. Everything else is a crash:
/// SIGKILL 137, SIGABRT 134, SIGSEGV 139, an unhandled exception.
/// </remarks>
internal static class ResourceReading
{
    /// <param name="state">What mesh control says.</param>
    /// <param name="wasStopping">It was last seen on its way down.</param>
    /// <param name="byUs">Our own command may have ended it, so that an orderly end is no person's wish.</param>
    /// <returns>Null when the state says nothing against the probe.</returns>
    public static Sighting? Read(ResourceState? state, bool wasStopping, bool byUs) => state?.State switch
    {
        "Starting" or "Waiting" or "Building" => new Sighting(Sign.Starting, $"The mesh says {state.State}."),
        "FailedToStart" => new Sighting(Sign.Dead, "It failed to start."),
        ResourceState.RollingOut => new Sighting(Sign.Starting, "Its rollout is under way."),
        ResourceState.ScaledToNone => new Sighting(Sign.Stopped, "It is scaled to 0 replicas."),
        ResourceState.Paused => new Sighting(Sign.Stopped, "Its rollout is paused."),
        "Stopping" or "NotStarted" or "Terminated" or "Hidden" when !byUs =>
            new Sighting(Sign.Stopped, $"The mesh says {state.State}."),
        "Exited" or "Finished" when IsOrderly(state.ExitCode, wasStopping) && !byUs =>
            new Sighting(Sign.Stopped, $"It ended in an orderly way{Code(state)}."),
        "Exited" or "Finished" => new Sighting(Sign.Dead, $"It ended unexpectedly{Code(state)}."),
        _ => null,
    };

    /// <summary>A process that is not there is started; one that is there is restarted.</summary>
    public static bool IsOver(ResourceState? state) =>
        state?.State is "Exited" or "Finished" or "FailedToStart" or "Terminated" or "NotStarted";

    private static bool IsOrderly(int? exitCode, bool wasStopping) => wasStopping || exitCode is null or 0 or 130 or 143;

    private static string Code(ResourceState state) => state.ExitCode is { } code ? $" with exit code {code}" : "";
}
