using AetherLink.AutoHeal.Governing;

namespace AetherLink.AutoHeal.Watching.Containers;

/// <summary>What the engine says about a container, as a sighting. Its own verdict needs no second opinion.</summary>
/// <remarks>
/// Where the engine's events do not tell who ended it, what could have been a person's doing is taken as that: an orderly end,
/// and also SIGKILL without an out-of-memory mark, which is what <c>docker stop</c> leaves when its patience is over.
/// </remarks>
internal static class ContainerReading
{
    /// <param name="status">created, running, paused, restarting, removing, exited or dead.</param>
    /// <param name="health">healthy, unhealthy or starting; null or none when the image has no health check.</param>
    /// <param name="exitCode">How it ended, where it has.</param>
    /// <param name="outOfMemory">The kernel ended it.</param>
    /// <param name="ending">What the events told of its end.</param>
    /// <param name="since">When the engine noticed, by its events.</param>
    /// <param name="isLooping">It has ended several times lately, and not because somebody wanted it to.</param>
    public static Sighting Read(
        string status, string? health, long exitCode, bool outOfMemory, Ending ending = Ending.Unknown, DateTimeOffset? since = null, bool isLooping = false)
    {
        return (status, health) switch
        {
            ("running", "unhealthy") => new Sighting(Sign.Dead, "The engine says unhealthy.", since),
            ("running", "starting") => new Sighting(Sign.Starting, "Its health check has not passed yet."),
            ("running", _) => new Sighting(Sign.Healthy, ""),
            ("restarting", _) when isLooping => new Sighting(Sign.Dead, "The engine restarts it again and again, and it ends each time.", since),
            ("restarting", _) => new Sighting(Sign.Failing, "It has ended, and the engine restarts it."),
            ("dead", _) => new Sighting(Sign.Dead, "The engine could not remove it.", since),
            ("exited", _) => Ended(exitCode, outOfMemory, ending, since),
            _ => new Sighting(Sign.Stopped, $"The engine says {status}."),
        };
    }

    /// <summary>The last word of the engine's list: Up 5 minutes (unhealthy).</summary>
    public static string? HealthIn(string? status) => status switch
    {
        null => null,
        _ when status.EndsWith("(unhealthy)", StringComparison.Ordinal) => "unhealthy",
        _ when status.EndsWith("(healthy)", StringComparison.Ordinal) => "healthy",
        _ when status.EndsWith("(health: starting)", StringComparison.Ordinal) => "starting",
        _ => null,
    };

    private static Sighting Ended(long exitCode, bool outOfMemory, Ending ending, DateTimeOffset? since) => ending switch
    {
        _ when outOfMemory => new Sighting(Sign.Dead, "It ran out of memory.", since),
        Ending.WithEngine => new Sighting(Sign.Dead, $"It ended with the engine, with exit code {exitCode}."),
        Ending.ByPerson => new Sighting(Sign.Stopped, $"The engine was asked to end it; exit code {exitCode}."),
        _ when exitCode is 0 => new Sighting(Sign.Stopped, "It ended in an orderly way with exit code 0."),
        Ending.Unknown when exitCode is 130 or 137 or 143 =>
            new Sighting(Sign.Stopped, $"It ended in an orderly way with exit code {exitCode}."),
        _ => new Sighting(Sign.Dead, $"It ended unexpectedly with exit code {exitCode}.", since),
    };
}
