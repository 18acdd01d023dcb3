using AetherLink.CommandCenter.Events;

namespace AetherLink.CommandCenter.Alerts.Evaluating;

/// <summary>Of an event what rules look at. Times in ticks of UTC.</summary>
internal readonly record struct Occurrence(
    long Sequence, string EventType, string Source, string TenantId, Severity Severity, long OccurredAt, long ReceivedAt)
{
    public string? EventId { get; init; }

    /// <summary>Of an event about an alert: the rule that raised it.</summary>
    public Guid? AboutRule { get; init; }

    /// <summary>The values at the payload paths that rules group by, in the order of <see cref="Evaluator.Paths"/>.</summary>
    public string?[]? Values { get; init; }
}

/// <summary>An alert began or ended: the count of a window crossed its rule's threshold.</summary>
/// <param name="Key">Which window.</param>
/// <param name="Raised">The rule, when it began; null when it ended.</param>
/// <param name="At">When, in ticks.</param>
/// <param name="Matched">How many events matched, from the window that raised it to its end.</param>
/// <param name="Newest">The numbers of the newest events of the window, the newest first.</param>
/// <param name="Reason">Why it ended.</param>
internal sealed record Transition(WindowKey Key, AlertRule? Raised, long At, long Matched, long[] Newest, string? Reason = null)
{
    public static Transition Ended(WindowKey key, long at, long matched, string reason) => new(key, null, at, matched, [], reason);
}

/// <summary>Which window of which rule.</summary>
internal readonly record struct WindowKey(Guid RuleId, string TenantId, string? Group);

internal static class Reasons
{
    public const string Passed = "passed";
    public const string RuleRemoved = "rule_removed_or_disabled";
}
