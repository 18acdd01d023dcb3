using System.Globalization;
using System.Text.Json;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Querying;

namespace AetherLink.CommandCenter.Deliveries.Bodies;

/// <summary>What a person is told of an event: the same in every product, only dressed differently.</summary>
internal sealed record Notice(string Title, string Text, Severity Severity, bool IsGoodNews, DateTimeOffset At, IReadOnlyList<KeyValuePair<string, string>> Facts)
{
    /// <summary>A chat shows ten fields; what is beyond is read in the Command Center.</summary>
    private const int MostFacts = 10;

    public static Notice Of(StoredEvent stored, int folded)
    {
        using var document = JsonDocument.Parse(stored.Payload.Utf8);
        var payload = document.RootElement;
        var rule = StringAt(payload, "rule_name") ?? StringAt(payload, "rule") ?? StringAt(payload, "rule_id");
        var (title, isGood) = stored.EventType switch
        {
            "ops.alert.raised" => ($"{Capital(stored.Severity)}: {rule}", false),
            "ops.alert.resolved" => ($"Resolved: {rule}", true),
            "ops.alert.acknowledged" => ($"Acknowledged: {rule}", true),
            "ops.alert.silenced" => ($"Silenced: {rule}", true),
            var type => ($"{Capital(stored.Severity)}: {type}", type.EndsWith(".recovered", StringComparison.Ordinal) || type.EndsWith(".succeeded", StringComparison.Ordinal)),
        };
        return new(title, TextOf(stored, payload), stored.Severity, isGood, stored.Timestamp, [.. FactsOf(stored, payload, folded).Take(MostFacts)]);
    }

    private static string TextOf(StoredEvent stored, JsonElement payload) =>
        NumberAt(payload, "matched_count") is { } matched && NumberAt(payload, "window_seconds") is { } window
            ? string.Create(CultureInfo.InvariantCulture, $"{matched} events within {window} s; the threshold is {NumberAt(payload, "threshold")}.")
            : StringAt(payload, "message") ?? StringAt(payload, "msg") ?? StringAt(payload, "reason") ?? StringAt(payload, "error") ?? $"Reported by {stored.Source}.";

    private static IEnumerable<KeyValuePair<string, string>> FactsOf(StoredEvent stored, JsonElement payload, int folded)
    {
        yield return new("Tenant", stored.TenantId);
        yield return new("Severity", stored.Severity.Name());
        yield return new("Source", stored.Source);
        foreach (var (name, field) in ((string, string)[])[("Group", "group"), ("Service", "service"), ("Service", "name"), ("Url", "url"), ("Alert", "alert_id")])
        {
            if (StringAt(payload, field) is { Length: > 0 } value)
            {
                yield return new(name, value);
            }
        }
        if (folded > 0)
        {
            yield return new("Also", string.Create(CultureInfo.InvariantCulture, $"{folded} more since the last notification"));
        }
        yield return new("Event", stored.EventId);
    }

    private static string Capital(Severity severity) => severity switch
    {
        Severity.Info => "Info",
        Severity.Warning => "Warning",
        Severity.Error => "Error",
        _ => "Critical",
    };

    private static string? StringAt(JsonElement payload, string field) =>
        payload.ValueKind is JsonValueKind.Object && payload.TryGetProperty(field, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static double? NumberAt(JsonElement payload, string field) =>
        payload.ValueKind is JsonValueKind.Object && payload.TryGetProperty(field, out var value) && value.ValueKind is JsonValueKind.Number
            && value.TryGetDouble(out var number) ? number : null;
}
