namespace AetherLink.AutoHeal.Governing;

internal enum Sign
{
    /// <summary>It answered as it should.</summary>
    Healthy,

    /// <summary>A probe failed; one of those proves nothing.</summary>
    Failing,

    /// <summary>Whoever runs it says that it is unhealthy or ended by itself: no further proof is needed.</summary>
    Dead,

    /// <summary>It is on its way up, and may not answer yet.</summary>
    Starting,

    /// <summary>A person ended it, or it has nothing left to do. Not ours to bring back.</summary>
    Stopped,
}

/// <summary>What a look at a target showed, and why we think so.</summary>
/// <param name="Sign">What it showed.</param>
/// <param name="Reason">For the history.</param>
/// <param name="Since">When that began, where whoever runs it has said so.</param>
internal sealed record Sighting(Sign Sign, string Reason, DateTimeOffset? Since = null);
