using System.ComponentModel;
using AetherLink.CommandCenter.Events;

namespace AetherLink.CommandCenter.Alerts.Ruling;

/// <summary>A rule as the document of the API shows it. It is read by hand, so that all that is wrong is named at once.</summary>
internal sealed record RuleBody
{
    public required string Name { get; init; }

    [Description("1 to 86400.")]
    public required int WindowSeconds { get; init; }

    [Description("Fires when this many events are in the window; 1 to 10000.")]
    public required int Threshold { get; init; }

    [Description("Of the events: one, or several with commas between them; all, if absent.")]
    public string? Severity { get; init; }

    [Description("One, or several with commas between them; all but ops.alert.*, if absent.")]
    public string? EventType { get; init; }

    public string? Source { get; init; }

    [Description("source, event_type, severity, tenant, or payload. and a path, such as payload.service.")]
    public string? GroupBy { get; init; }

    [Description("Of the alert; critical, if absent.")]
    public Severity? AlertSeverity { get; init; }

    [Description("True, if absent.")]
    public bool? Enabled { get; init; }

    [Description("The caller's tenant, if absent; else all tenants, with a window for each.")]
    public string? TenantId { get; init; }
}

/// <summary>A rule, and the hours over which it is tried.</summary>
internal sealed record PreviewBody
{
    public required string Name { get; init; }

    public required int WindowSeconds { get; init; }

    public required int Threshold { get; init; }

    public string? Severity { get; init; }

    public string? EventType { get; init; }

    public string? Source { get; init; }

    public string? GroupBy { get; init; }

    public Severity? AlertSeverity { get; init; }

    public string? TenantId { get; init; }

    [Description("1 to 168; 24, if absent.")]
    public int? Hours { get; init; }
}

internal sealed record EnabledBody(bool Enabled);

/// <param name="Status">ok.</param>
/// <param name="RuleId">The rule's.</param>
/// <param name="Rule">As it is stored.</param>
internal sealed record RuleAnswer(string Status, Guid RuleId, AlertRule Rule);

internal sealed record RulePage(string Status, int Count, string? NextCursor, IReadOnlyList<AlertRule> Rules);

internal sealed record Deleted(string Status, string Id);
