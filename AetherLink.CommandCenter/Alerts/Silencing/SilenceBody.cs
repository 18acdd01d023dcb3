using System.ComponentModel;
using System.Text.Json;
using AetherLink.CommandCenter.Events;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Alerts.Silencing;

/// <summary>A silence as the document of the API shows it. It is read by hand, so that all that is wrong is named at once.</summary>
internal sealed record SilenceBody
{
    [Description("All of them must fit. Label: rule, tenant, severity, source, event_type or group; op: =, != or glob.")]
    public required IReadOnlyList<Matcher> Matchers { get; init; }

    [Description("Now, if absent.")]
    public DateTimeOffset? StartsAt { get; init; }

    [Description("At most 90 days after the start; required unless until_resolved.")]
    public DateTimeOffset? EndsAt { get; init; }

    public required string Reason { get; init; }

    [Description("Ends the silence with the last of the alerts that it mutes; false, if absent.")]
    public bool? UntilResolved { get; init; }

    [Description("The caller's tenant, if absent; else the alerts of all tenants.")]
    public string? TenantId { get; init; }
}

/// <summary>Reads a silence from a body.</summary>
internal static class SilenceReader
{
    public static (Silence? Silence, IReadOnlyList<FieldError> Errors) Read(JsonElement body, string author, DateTimeOffset now)
    {
        var fields = new BodyReader(body);
        var matchers = Matchers(fields);
        var reason = fields.Text("reason", AlertLimits.ReasonLength, required: true);
        var untilResolved = fields.Flag("until_resolved") ?? false;
        var starts = fields.Time("starts_at") ?? now;
        var ends = fields.Time("ends_at") ?? (untilResolved ? starts + AlertLimits.Silence : null);
        var tenant = fields.Text("tenant_id", EventLimits.TenantLength);
        if (ends is null && fields.Errors.All(error => error.Field != "ends_at"))
        {
            fields.Refuse("ends_at", "is required");
        }
        else if (ends <= starts || ends <= now)
        {
            fields.Refuse("ends_at", ends <= now ? "is over" : "must be after starts_at");
        }
        else if (ends - starts > AlertLimits.Silence)
        {
            fields.Refuse("ends_at", $"is more than {AlertLimits.Silence.TotalDays} days after starts_at");
        }
        if (starts > now + AlertLimits.Silence)
        {
            fields.Refuse("starts_at", $"is more than {AlertLimits.Silence.TotalDays} days ahead");
        }
        return fields.Errors.Count > 0
            ? (null, fields.Errors)
            : (new Silence
            {
                SilenceId = Guid.CreateVersion7(now),
                TenantId = tenant,
                MatchersJson = JsonSerializer.Serialize(matchers, AlertsJson.Wire.IReadOnlyListMatcher),
                // It cannot have muted anything before it was made.
                StartsAt = starts < now ? now : starts,
                EndsAt = ends!.Value,
                UntilResolved = untilResolved,
                Reason = reason!,
                Author = author,
                CreatedAt = now,
            }, []);
    }

    private static List<Matcher> Matchers(BodyReader fields)
    {
        var matchers = new List<Matcher>();
        if (fields.List("matchers", 1, AlertLimits.Matchers) is not { } list)
        {
            return matchers;
        }
        foreach (var (index, item) in list.EnumerateArray().Index())
        {
            if (item.ValueKind is not JsonValueKind.Object)
            {
                fields.Refuse($"matchers[{index}]", "must be an object of label, op and value");
                continue;
            }
            var one = new BodyReader(item);
            var label = one.Text("label", AlertLimits.NameLength, required: true);
            var op = one.Text("op", AlertLimits.NameLength) ?? Matching.Equal;
            if (label is not null && !Matching.Labels.Contains(label))
            {
                one.Refuse("label", $"must be one of {string.Join(", ", Matching.Labels)}");
            }
            if (!Matching.Operators.Contains(op))
            {
                one.Refuse("op", $"must be one of {string.Join(", ", Matching.Operators)}");
            }
            // An absent group is the empty text, which no field of a body may be.
            var value = item.TryGetProperty("value", out var text) && text.ValueKind is JsonValueKind.String && text.ValueEquals("") ? "" : one.Text("value", EventLimits.SourceLength, required: true);
            foreach (var error in one.Errors)
            {
                fields.Refuse($"matchers[{index}].{error.Field}", error.Message);
            }
            matchers.Add(new(label ?? "", op, value ?? ""));
        }
        return matchers;
    }
}
