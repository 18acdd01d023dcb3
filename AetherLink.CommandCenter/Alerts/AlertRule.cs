using AetherLink.CommandCenter.Events;

namespace AetherLink.CommandCenter.Alerts;

/// <summary>Counts matching events in a sliding window, and fires when there are enough. A row, and never changed in memory.</summary>
internal sealed record AlertRule
{
    public required Guid RuleId { get; init; }

    /// <summary>Null for all tenants, with a window for each.</summary>
    public string? TenantId { get; init; }

    public required string Name { get; init; }

    /// <summary>One type, or several with commas between them; null for all but those about alerts.</summary>
    public string? EventType { get; init; }

    /// <summary>One severity, or several with commas between them; null for all.</summary>
    public string? Severity { get; init; }

    public string? Source { get; init; }

    /// <summary>source, event_type, severity, tenant, or payload. and a path; null for one window a tenant.</summary>
    public string? GroupBy { get; init; }

    public required int WindowSeconds { get; init; }

    public required int Threshold { get; init; }

    public Severity AlertSeverity { get; init; } = Events.Severity.Critical;

    public bool Enabled { get; init; } = true;

    /// <summary>The template it was made from.</summary>
    public string? TemplateId { get; init; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string UpdatedBy { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Events that belonged to more groups than a rule keeps windows for, and were not counted.</summary>
    public long Overflowed { get; init; }

    public IReadOnlyList<string> EventTypeList() => Split(EventType);

    public IReadOnlyList<Severity> SeverityList() =>
        [.. Split(Severity).Select(name => SeverityNames.TryParse(name, out var severity) ? severity : default)];

    /// <summary>Whether both count the same events in the same windows against the same threshold.</summary>
    public bool CountsAs(AlertRule other) =>
        (TenantId, EventType, Severity, Source, GroupBy, WindowSeconds, Threshold)
        == (other.TenantId, other.EventType, other.Severity, other.Source, other.GroupBy, other.WindowSeconds, other.Threshold);

    private static string[] Split(string? list) =>
        list?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
