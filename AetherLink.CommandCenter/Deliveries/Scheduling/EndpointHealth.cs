namespace AetherLink.CommandCenter.Deliveries.Scheduling;

/// <summary>What an endpoint's attempts have come to, and what follows from it: a small state machine.</summary>
/// <param name="Failures">Failed attempts since the last success.</param>
/// <param name="FailingSince">The first of them.</param>
/// <param name="Warnings">How many of the warnings before its end were given.</param>
/// <param name="WarnedAt">When the last of them was.</param>
/// <param name="CooldownUntil">Nothing is sent before then.</param>
/// <param name="CooldownReason">Why.</param>
internal sealed record EndpointHealth(
    int Failures = 0, DateTimeOffset? FailingSince = null, int Warnings = 0, DateTimeOffset? WarnedAt = null, DateTimeOffset? CooldownUntil = null, string? CooldownReason = null)
{
    /// <summary>An endpoint that failed for so long is switched off.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(5);

    /// <summary>From so many failures in a row on, it cools down, and is then asked with one delivery at a time.</summary>
    public const int FailuresBeforeCooldown = 5;

    private static readonly TimeSpan FirstCooldown = TimeSpan.FromSeconds(10);

    /// <summary>Short beside the schedule's delays: the cooldown spares the connections, the schedule spares the receiver.</summary>
    private static readonly TimeSpan LongestCooldown = TimeSpan.FromMinutes(5);

    /// <summary>The shares of the patience at which it warns.</summary>
    private static readonly double[] WarnAt = [0.5, 0.9];

    /// <summary>What is seldom sent to is seldom seen failing: every warning leaves as much time to do something as the last one does.</summary>
    private static readonly TimeSpan Notice = Patience * 0.1;

    public static EndpointHealth Well { get; } = new();

    public (EndpointHealth Next, HealthNews News) AfterFailure(DateTimeOffset at, bool isGone, TimeSpan? retryAfter)
    {
        var since = FailingSince ?? at;
        var next = this with { Failures = Failures + 1, FailingSince = since };
        if (isGone)
        {
            return (next, HealthNews.Gone);
        }
        var hasHadTime = Warnings == 0 || !(at - WarnedAt < Notice);
        if (hasHadTime && Warnings == WarnAt.Length && at - since >= Patience)
        {
            return (next, HealthNews.Disabled);
        }
        next = next.Cooling(at, retryAfter);
        return hasHadTime && Warnings < WarnAt.Length && at - since >= Patience * WarnAt[Warnings]
            ? (next with { Warnings = Warnings + 1, WarnedAt = at }, HealthNews.Warned)
            : (next, HealthNews.None);
    }

    private EndpointHealth Cooling(DateTimeOffset at, TimeSpan? retryAfter)
    {
        var (until, reason) = (CooldownUntil, CooldownReason);
        if (Failures >= FailuresBeforeCooldown)
        {
            var doublings = Math.Min(Failures - FailuresBeforeCooldown, 10);
            var cooldown = FirstCooldown * (1 << doublings);
            (until, reason) = Later(at + (cooldown < LongestCooldown ? cooldown : LongestCooldown), $"It failed {Failures} times in a row.");
        }
        return retryAfter is { } asked && asked > TimeSpan.Zero && at + asked is var then && !(until >= then)
            ? this with { CooldownUntil = then, CooldownReason = "The receiver asked for it (Retry-After)." }
            : this with { CooldownUntil = until, CooldownReason = reason };

        (DateTimeOffset?, string?) Later(DateTimeOffset then, string why) => CooldownUntil >= then ? (CooldownUntil, CooldownReason) : (then, why);
    }
}

internal enum HealthNews
{
    None,

    /// <summary>It has been failing for long.</summary>
    Warned,

    /// <summary>It failed for too long.</summary>
    Disabled,

    /// <summary>The receiver says that it is gone for good.</summary>
    Gone,
}
