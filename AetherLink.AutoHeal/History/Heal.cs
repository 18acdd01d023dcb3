namespace AetherLink.AutoHeal.History;

/// <summary>One attempt to heal a target: written when it is decided, and completed when it has ended.</summary>
internal sealed record Heal
{
    public const string OfEndedHealer = "The healer ended during this heal.";

    public required Guid Id { get; init; }

    public required string Target { get; init; }

    public required string Kind { get; init; }

    public required string Action { get; init; }

    public required string Reason { get; init; }

    /// <summary>The person who asked for it; null when the healer decided by itself.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>A person overrode the governor.</summary>
    public bool Forced { get; init; }

    /// <summary>The process that heals; unique to its life.</summary>
    public required string Healer { get; init; }

    /// <summary>Its place in the row of restarts that the backoff grows with.</summary>
    public required int Streak { get; init; }

    public required DateTimeOffset FailingSince { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public bool Success { get; init; }

    /// <summary>It was seen healthy after the restart.</summary>
    public bool Verified { get; init; }

    public string Message { get; init; } = "";

    /// <summary>The trace it belongs to: a person's request, or the heal's own.</summary>
    public string? TraceId { get; init; }

    /// <summary>When its target was given up, as the last of those that were allowed and did not help; null again once it is well.</summary>
    public DateTimeOffset? EscalatedAt { get; init; }

    public double DurationMs => FinishedAt is { } finished ? Math.Round((finished - StartedAt).TotalMilliseconds, 1) : 0;

    public Heal Ended(bool success, bool verified, string message, DateTimeOffset at) =>
        this with { Success = success, Verified = verified, Message = message, FinishedAt = at < StartedAt ? StartedAt : at };

    public Heal Moved(TimeSpan by) =>
        this with { FailingSince = FailingSince + by, StartedAt = StartedAt + by, FinishedAt = FinishedAt + by, EscalatedAt = EscalatedAt + by };

    /// <summary>Nobody knows how it ended: its healer did not live to see it.</summary>
    public Heal Interrupted(DateTimeOffset at) => Ended(false, false, OfEndedHealer, at);
}
