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
            "ops.alert.unsilenced" => ($"{Capital(stored.Severity)}, no longer silenced: {rule}", false),
            "ops.alert.overflowed" => ($"Not all events are counted: {rule}", false),
            var type => ($"{Capital(stored.Severity)}: {type}", type.EndsWith(".recovered", StringComparison.Ordinal) || type.EndsWith(".succeeded", StringComparison.Ordinal)),
        };
        return new(title, TextOf(stored, payload), stored.Severity, isGood, stored.Timestamp, [.. FactsOf(stored, payload, folded).Take(MostFacts)]);
    }

    private static string TextOf(StoredEvent stored, JsonElement payload)
    {
        var (matched, window, threshold) = (NumberAt(payload, "matched_count"), NumberAt(payload, "window_seconds"), NumberAt(payload, "threshold"));
        // Only when it is raised is the count that of a window: from then on it grows for as long as the alert lasts.
        return stored.EventType switch
        {
            "ops.alert.raised" when matched is not null => Said($"{matched} events within {window} s; the threshold is {threshold}."),
            "ops.alert.resolved" when StringAt(payload, "resolved_reason") is "rule_removed_or_disabled" =>
                Said($"The rule was removed or switched off, after {matched} events."),
            "ops.alert.resolved" when matched is not null => Said($"Fewer than {threshold} events within {window} s again, after {matched} in all."),
            "ops.alert.acknowledged" when matched is not null => Said($"{StringAt(payload, "acknowledged_by")} takes care of it; {matched} events so far."),
            "ops.alert.silenced" when matched is not null =>
                Said($"By {StringAt(payload, "silence_author")}: {StringAt(payload, "silence_reason")} ({matched} events so far)"),
            "ops.alert.unsilenced" when matched is not null => Said($"Its silence has ended, and it goes on: {matched} events so far."),
            "ops.alert.overflowed" => Said($"The rule keeps {NumberAt(payload, "windows_kept")} groups of a tenant at a time, and there are more."),
            _ => Reported(stored, payload),
        };
    }

    private static string Said(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Reported(StoredEvent stored, JsonElement payload) =>
        StringAt(payload, "message") ?? StringAt(payload, "msg") ?? StringAt(payload, "reason") ?? StringAt(payload, "error") ?? $"Reported by {stored.Source}.";

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
