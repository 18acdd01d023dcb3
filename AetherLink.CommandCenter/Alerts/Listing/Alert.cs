using AetherLink.CommandCenter.Events;

namespace AetherLink.CommandCenter.Alerts.Listing;

/// <summary>
/// An alert with its life. The state is raised, acknowledged, silenced or resolved; the rule is as it was when the alert was
/// raised. Matched are the events of the window that raised it, and all until it was resolved; the ids are of the newest that raised it.
/// </summary>
internal sealed record Alert(
    Guid AlertId, string State, Severity Severity, string TenantId, string? Group, AlertedRule Rule, long MatchedCount,
    DateTimeOffset RaisedAt, DateTimeOffset? AcknowledgedAt, string? AcknowledgedBy, DateTimeOffset? SilencedAt, Guid? SilencedBy,
    DateTimeOffset? ResolvedAt, string? ResolvedReason, IReadOnlyList<string> EventIds);

internal sealed record AlertedRule(Guid RuleId, string Name, int Threshold, int WindowSeconds);

internal sealed record AlertPage(string Status, int Count, string? NextCursor, IReadOnlyList<Alert> Alerts);

internal sealed record AlertAnswer(string Status, Alert Alert);

/// <param name="Status">ok.</param>
/// <param name="Rules">Enabled rules.</param>
/// <param name="Triggered">Alerts that are active now.</param>
/// <param name="Alerts">The newest hundred of them.</param>
internal sealed record Evaluation(string Status, [property: System.Text.Json.Serialization.JsonPropertyName("evaluated")] int Rules, int Triggered, IReadOnlyList<Alert> Alerts);

internal sealed record AlertFilter(IReadOnlyList<string> States, IReadOnlyList<Severity> Severities, string? TenantId, Guid? RuleId)
{
    public static IReadOnlyList<string> KnownStates { get; } = ["raised", "acknowledged", "silenced", "resolved"];

    public static AlertFilter Active(string? tenant) => new(["raised", "acknowledged", "silenced"], [], tenant, null);
}
