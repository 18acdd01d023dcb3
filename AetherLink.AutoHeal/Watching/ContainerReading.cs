using AetherLink.AutoHeal.Governing;

namespace AetherLink.AutoHeal.Watching;

/// <summary>What the engine says about a container, as a sighting. Its own verdict needs no second opinion.</summary>
/// <remarks>
/// As with services, what could have been a person's doing is taken as that: an orderly end, and also SIGKILL without an
/// out-of-memory mark, which is what <c>docker stop</c> leaves when its patience is over.
/// </remarks>
internal static class ContainerReading
{
    /// <param name="status">created, running, paused, restarting, removing, exited or dead.</param>
    /// <param name="health">healthy, unhealthy or starting; null or none when the image has no health check.</param>
    /// <param name="exitCode">How it ended, where it has.</param>
    /// <param name="outOfMemory">The kernel ended it.</param>
    public static Sighting Read(string status, string? health, long exitCode, bool outOfMemory) => (status, health) switch
    {
        ("running", "unhealthy") => new Sighting(Sign.Dead, "The engine says unhealthy."),
        ("running", "starting") => new Sighting(Sign.Starting, "Its health check has not passed yet."),
        ("running", _) => new Sighting(Sign.Healthy, ""),
        ("restarting", _) => new Sighting(Sign.Starting, "The engine restarts it."),
        ("dead", _) => new Sighting(Sign.Dead, "The engine could not remove it."),
        ("exited", _) when outOfMemory => new Sighting(Sign.Dead, "It ran out of memory."),
        ("exited", _) when exitCode is 0 or 130 or 137 or 143 => new Sighting(Sign.Stopped, $"It ended in an orderly way with exit code {exitCode}."),
        ("exited", _) => new Sighting(Sign.Dead, $"It ended unexpectedly with exit code {exitCode}."),
        _ => new Sighting(Sign.Stopped, $"The engine says {status}."),
    };
}
