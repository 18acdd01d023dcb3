using System.Text.Json;
using AetherLink.CommandCenter.Alerts.Evaluating;
using AetherLink.CommandCenter.Events;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Alerts.Ruling;

/// <summary>Reads a rule from a body.</summary>
internal static class RuleReader
{
    private const string Groupings = "must be source, event_type, severity, tenant, or payload. and a path, such as payload.service";

    /// <summary>The rule, as new; null when something is wrong with it.</summary>
    public static (AlertRule? Rule, IReadOnlyList<FieldError> Errors) Read(
        JsonElement body, string author, DateTimeOffset now, Func<string, bool> isKnownType)
    {
        var fields = new BodyReader(body);
        var name = fields.Text("name", AlertLimits.NameLength, required: true);
        var window = fields.Whole("window_seconds", 1, AlertLimits.WindowSeconds, required: true);
        var threshold = fields.Whole("threshold", 1, AlertLimits.Threshold, required: true);
        var severity = fields.Names("severity", known => SeverityNames.TryParse(known, out _), _ => $"must be {SeverityNames.Listed}");
        var type = fields.Names("event_type", isKnownType, unknown => $"Unknown event_type '{unknown}'");
        var source = fields.Text("source", EventLimits.SourceLength);
        var groupBy = fields.Text("group_by", AlertLimits.PathLength);
        if (Grouping.Parse(groupBy) is null)
        {
            fields.Refuse("group_by", Groupings);
        }
        var alertSeverity = fields.OneSeverity("alert_severity");
        var enabled = fields.Flag("enabled");
        var tenant = fields.Text("tenant_id", EventLimits.TenantLength);
        return fields.Errors.Count > 0
            ? (null, fields.Errors)
            : (new AlertRule
            {
                RuleId = Guid.CreateVersion7(now),
                Name = name!,
                WindowSeconds = window!.Value,
                Threshold = threshold!.Value,
                Severity = severity,
                EventType = type,
                Source = source,
                GroupBy = groupBy,
                AlertSeverity = alertSeverity ?? Severity.Critical,
                Enabled = enabled ?? true,
                TenantId = tenant,
                CreatedBy = author,
                CreatedAt = now,
                UpdatedBy = author,
                UpdatedAt = now,
            }, []);
    }
}
