using System.Collections.Immutable;

namespace AetherLink.AutoHeal.Governing;

internal enum Condition
{
    Starting,
    Healthy,
    Failing,
    Down,

    /// <summary>It was down and answers again; not often enough yet to be trusted.</summary>
    Recovering,
    Stopped,
}

/// <summary>What the governor knows of one target.</summary>
internal sealed record TargetState(string Name)
{
    /// <summary>False for a target that is remembered for its restarts only.</summary>
    public bool Watched { get; init; }

    /// <summary>Nobody enrolled it: it is looked at, and neither restarted nor part of the fleet that the brake counts.</summary>
    public bool WatchOnly { get; init; }

    public Condition Condition { get; init; } = Condition.Starting;

    public string Reason { get; init; } = "";

    public int ConsecutiveFailures { get; init; }

    /// <summary>Answers in a row since it was down.</summary>
    public int ConsecutiveRecoveries { get; init; }

    /// <summary>Since its last restart.</summary>
    public CheckHistory Checks { get; init; }

    /// <summary>It changes between well and ill so often that a restart would prove nothing.</summary>
    public bool Flapping { get; init; }

    /// <summary>It is down by the word of whoever runs it, and not by probes alone.</summary>
    public bool Proven { get; init; }

    /// <summary>The restarts that it is allowed did not help: a person has been called, and the healer has stopped.</summary>
    public bool Escalated { get; init; }

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

    /// <summary>The state in a word, for people and metrics.</summary>
    public string Word => this switch
    {
        { Healing: true } => "healing",
        { Escalated: true, Condition: Condition.Down } => "escalated",
        { Flapping: true, Condition: not Condition.Stopped } => "flapping",
        _ => Condition.ToString().ToLowerInvariant(),
    };

    public TargetState Without(DateTimeOffset restart) => this with { Restarts = Restarts.Remove(restart) };

    public DateTimeOffset? CooldownUntil(GovernorLimits limits) =>
        Restarts.IsEmpty ? null : Restarts[^1] + limits.CooldownAfter(Streak);
}
