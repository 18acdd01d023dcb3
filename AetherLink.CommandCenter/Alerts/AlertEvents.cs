using System.Text.Json;
using System.Text.Json.Serialization;
using AetherLink.CommandCenter.Alerts.Evaluating;
using AetherLink.CommandCenter.Alerts.Silencing;
using AetherLink.CommandCenter.Events;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Alerts;

/// <summary>The payload of every event about an alert.</summary>
internal sealed record AlertPayload(
    Guid AlertId, Guid RuleId, string RuleName, Severity AlertSeverity, string TenantId, string? Group, long MatchedCount,
    int Threshold, int WindowSeconds, DateTimeOffset RaisedAt, Guid? SilencedBy, IReadOnlyList<string> EventIds)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ResolvedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ResolvedReason { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AcknowledgedBy { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? AcknowledgedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? SilenceId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SilenceReason { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SilenceAuthor { get; init; }
}

internal sealed record SilencePayload(
    Guid SilenceId, string? TenantId, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Reason, string Author);

/// <summary>A rule that has more groups of a tenant than it counts at a time.</summary>
internal sealed record OverflowPayload(
    Guid RuleId, string RuleName, string TenantId, string? GroupBy, int WindowSeconds, int Threshold, int WindowsKept);

/// <summary>The slice's own events. They are written with what they tell of, in one transaction.</summary>
internal sealed class AlertEvents(ServiceIdentity identity)
{
    private const string NoTenant = "default";

    public EventDraft Of(string type, ActiveAlert alert, DateTimeOffset at, Silence? silence = null) => Draft(
        type, alert.Severity, alert.Key.TenantId, at, JsonSerializer.SerializeToUtf8Bytes(
            new AlertPayload(
                alert.AlertId, alert.Key.RuleId, alert.RuleName, alert.Severity, alert.Key.TenantId, alert.Key.Group, alert.Matched,
                alert.Threshold, alert.WindowSeconds, alert.RaisedAt, alert.SilencedBy, alert.EventIds)
            {
                ResolvedAt = alert.ResolvedAt,
                ResolvedReason = alert.Reason,
                SilenceId = silence?.SilenceId,
                SilenceReason = silence?.Reason,
                SilenceAuthor = silence?.Author,
            }, AlertsJson.Wire.AlertPayload));

    public EventDraft Acknowledged(AlertPayload payload, DateTimeOffset at) => Draft(
        EventTypes.OpsAlertAcknowledged, payload.AlertSeverity, payload.TenantId, at,
        JsonSerializer.SerializeToUtf8Bytes(payload, AlertsJson.Wire.AlertPayload));

    public EventDraft Expiring(Silence silence, DateTimeOffset at) => Draft(
        EventTypes.OpsSilenceExpiring, Severity.Warning, silence.TenantId ?? NoTenant, at,
        JsonSerializer.SerializeToUtf8Bytes(
            new SilencePayload(silence.SilenceId, silence.TenantId, silence.StartsAt, silence.EndsAt, silence.Reason, silence.Author),
            AlertsJson.Wire.SilencePayload));

    /// <summary>
    /// Told once, also by whoever takes over: until the rule is changed it is the same event. Nobody else can take its key, since
    /// no id has a line end in it.
    /// </summary>
    public EventDraft Overflowed(AlertRule rule, string tenant, int windows, DateTimeOffset at) => Draft(
        EventTypes.OpsAlertOverflowed, Severity.Warning, tenant, at,
        JsonSerializer.SerializeToUtf8Bytes(
            new OverflowPayload(rule.RuleId, rule.Name, tenant, rule.GroupBy, rule.WindowSeconds, rule.Threshold, windows),
            AlertsJson.Wire.OverflowPayload), $"overflow\n{rule.RuleId}\n{rule.UpdatedAt.UtcTicks}");

    private EventDraft Draft(string type, Severity severity, string tenant, DateTimeOffset at, byte[] payload, string? key = null)
    {
        var id = Guid.CreateVersion7(at).ToString();
        return new()
        {
            EventId = id,
            DedupeKey = key ?? id,
            EventType = type,
            Source = identity.Resource,
            TenantId = tenant,
            Severity = severity,
            Timestamp = at,
            Payload = payload,
            // Nobody can repeat it under an id that was made here.
            BodyHash = 0,
            Publisher = identity.Resource,
            Origin = Origin.Http,
        };
    }
}
