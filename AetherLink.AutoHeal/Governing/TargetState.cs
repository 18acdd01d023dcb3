using System.Collections.Immutable;

namespace AetherLink.AutoHeal.Governing;

internal enum Condition
{
    Starting,
    Healthy,
    Failing,
    Down,
    Stopped,
}

/// <summary>What the governor knows of one target.</summary>
internal sealed record TargetState(string Name)
{
    /// <summary>False for a target that is remembered for its restarts only.</summary>
    public bool Watched { get; init; }

    public Condition Condition { get; init; } = Condition.Starting;

    public string Reason { get; init; } = "";

    public int ConsecutiveFailures { get; init; }

    /// <summary>The first failure since it was last healthy.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    public DateTimeOffset? HealthySince { get; init; }

    /// <summary>Until then failed probes do not count; over with the first probe that passes.</summary>
    public DateTimeOffset? GraceUntil { get; init; }

    /// <summary>Restarts since the backoff last started over.</summary>
    public int Streak { get; init; }

    /// <summary>The restarts of the last hour, oldest first.</summary>
    public ImmutableArray<DateTimeOffset> Restarts { get; init; } = [];

    /// <summary>A heal is under way: between the governor's yes and the verification's end.</summary>
    public bool Healing { get; init; }

    /// <summary>Why the last restart it needed was not allowed.</summary>
    public string? SuppressedBy { get; init; }

    public DateTimeOffset? CooldownUntil(GovernorLimits limits) =>
        Restarts.IsEmpty ? null : Restarts[^1] + limits.CooldownAfter(Streak);
}
