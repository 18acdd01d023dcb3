using System.Text.Json;
using AetherLink.CommandCenter.Events.Querying;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Deliveries.Enqueuing;

/// <summary>What of an event decides whether somebody is told. Only the Command Center's own are about alerts: nobody else can publish such.</summary>
/// <param name="RuleId">The rule whose alert it is about, in the end.</param>
/// <param name="Subject">What at most one notification a window is told of; null for what is never folded.</param>
/// <param name="Group">The alert's group.</param>
/// <param name="IsSilenced">Nobody is told.</param>
/// <param name="About">The endpoint that it tells of: that one is not told.</param>
internal readonly record struct AlertFacts(string? RuleId, string? Subject, string? Group, bool IsSilenced, Guid? About)
{
    private const string Alerts = "ops.alert.";
    private const string Webhooks = "ops.webhook.";

    public static AlertFacts Of(StoredEvent stored)
    {
        if (!stored.EventType.StartsWith(Alerts, StringComparison.Ordinal) && !stored.EventType.StartsWith(Webhooks, StringComparison.Ordinal))
        {
            return default;
        }
        using var document = JsonDocument.Parse(stored.Payload.Utf8);
        var payload = document.RootElement;
        var (rule, webhook) = (Text(payload, "rule_id"), Text(payload, "webhook_id"));
        Guid? about = Guid.TryParse(webhook, out var id) ? id : null;
        return stored.EventType switch
        {
            EventTypes.OpsAlertRaised or EventTypes.OpsAlertResolved or EventTypes.OpsAlertAcknowledged or EventTypes.OpsAlertSilenced
                or EventTypes.OpsAlertUnsilenced => new(rule, rule, Text(payload, "group"), Text(payload, "silenced_by") is { Length: > 0 }, about),
            // An endpoint that goes off gives up all that waits for it at once.
            EventTypes.OpsAlertDeliveryFailed => new(rule, webhook, null, IsSilenced: false, about),
            _ => new(rule, null, null, IsSilenced: false, about),
        };
    }

    private static string? Text(JsonElement payload, string field) =>
        payload.ValueKind is JsonValueKind.Object && payload.TryGetProperty(field, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;
}
