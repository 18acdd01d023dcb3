using System.Text.Json;
using AetherLink.CommandCenter.Events.Querying;

namespace AetherLink.CommandCenter.Deliveries.Enqueuing;

/// <summary>What of an event decides whether somebody is told.</summary>
/// <param name="RuleId">The alert's rule; null for what is no alert's, and is never folded.</param>
/// <param name="Group">The alert's group.</param>
/// <param name="IsSilenced">Nobody is told.</param>
/// <param name="About">The endpoint that it tells of: that one is not told.</param>
internal readonly record struct AlertFacts(string? RuleId, string? Group, bool IsSilenced, Guid? About)
{
    private const string Alerts = "ops.alert.";
    private const string Webhooks = "ops.webhook.";

    public static AlertFacts Of(StoredEvent stored)
    {
        var isAlert = stored.EventType.StartsWith(Alerts, StringComparison.Ordinal);
        if (!isAlert && !stored.EventType.StartsWith(Webhooks, StringComparison.Ordinal))
        {
            return default;
        }
        using var document = JsonDocument.Parse(stored.Payload.Utf8);
        var payload = document.RootElement;
        return new(
            isAlert ? Text(payload, "rule_id") : null,
            isAlert ? Text(payload, "group") : null,
            isAlert && Text(payload, "silenced_by") is { Length: > 0 },
            Guid.TryParse(Text(payload, "webhook_id"), out var about) ? about : null);
    }

    private static string? Text(JsonElement payload, string field) =>
        payload.ValueKind is JsonValueKind.Object && payload.TryGetProperty(field, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;
}
