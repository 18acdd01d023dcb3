using AetherLink.CommandCenter.Events;

namespace AetherLink.CommandCenter.Alerts.Evaluating;

/// <summary>An alert that has been raised, as the evaluator keeps it until it is resolved.</summary>
internal sealed class ActiveAlert
{
    public required Guid AlertId { get; init; }

    public required WindowKey Key { get; init; }

    public required string RuleName { get; init; }

    public required Severity Severity { get; init; }

    public required int Threshold { get; init; }

    public required int WindowSeconds { get; init; }

    public required DateTimeOffset RaisedAt { get; init; }

    public required string[] EventIds { get; init; }

    public required string? EventType { get; init; }

    public required string? Source { get; init; }

    public required string? GroupBy { get; init; }

    public long Matched { get; set; }

    public Guid? SilencedBy { get; set; }

    public DateTimeOffset? ResolvedAt { get; set; }

    public string? Reason { get; set; }

    /// <summary>What a silence may match: what the rule names, or the group where it groups by that.</summary>
    public IReadOnlyList<string> ValuesOf(string label) => label switch
    {
        "rule" => [RuleName],
        "tenant" => [Key.TenantId],
        "severity" => [Severity.Name()],
        "source" => GroupBy is "source" ? [Key.Group ?? ""] : [Source ?? ""],
        "event_type" => GroupBy is "event_type" ? [Key.Group ?? ""] : EventType?.Split(',') ?? [""],
        _ => [Key.Group ?? ""],
    };
}
