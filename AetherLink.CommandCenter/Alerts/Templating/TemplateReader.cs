using System.Text.Json;
using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Alerts.Ruling;
using AetherLink.CommandCenter.Events;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Alerts.Templating;

/// <summary>Reads a template, and makes a rule of one.</summary>
internal static class TemplateReader
{
    public static (TemplateRow? Template, IReadOnlyList<FieldError> Errors) Read(
        JsonElement body, string author, DateTimeOffset now, Func<string, bool> isKnownType)
    {
        var fields = new BodyReader(body);
        var name = fields.Text("name", AlertLimits.NameLength, required: true);
        var description = fields.Text("description", AlertLimits.ReasonLength);
        var tenant = fields.Text("tenant_id", EventLimits.TenantLength);
        RuleTemplate? begin = null;
        if (!body.TryGetProperty("rule", out var rule) || rule.ValueKind is not JsonValueKind.Object)
        {
            fields.Refuse("rule", "is required, an object");
        }
        else
        {
            var (read, errors) = RuleReader.Read(Merged(rule, new JsonObject { ["name"] = "template" }), author, now, isKnownType);
            foreach (var error in errors)
            {
                fields.Refuse($"rule.{error.Field}", error.Message);
            }
            begin = read is null ? null : Begin(read);
        }
        return fields.Errors.Count > 0
            ? (null, fields.Errors)
            : (new TemplateRow
            {
                TemplateId = Guid.CreateVersion7(now).ToString(),
                TenantId = tenant,
                Name = name!,
                Description = description ?? "",
                Rule = JsonSerializer.Serialize(begin, AlertsJson.Wire.RuleTemplate),
                CreatedBy = author,
                CreatedAt = now,
                UpdatedBy = author,
                UpdatedAt = now,
            }, []);
    }

    /// <summary>The rule of a template, with what the caller wants otherwise.</summary>
    public static (AlertRule? Rule, IReadOnlyList<FieldError> Errors) Materialize(
        Template template, JsonElement? overrides, string author, DateTimeOffset now, Func<string, bool> isKnownType)
    {
        var begin = JsonSerializer.SerializeToElement(template.Rule, AlertsJson.Wire.RuleTemplate);
        var named = Merged(begin, new JsonObject { ["name"] = template.Name, ["tenant_id"] = template.TenantId });
        var (rule, errors) = RuleReader.Read(
            overrides is { } given ? Merged(named, JsonObject.Create(given)!) : named, author, now, isKnownType);
        return (rule is null ? null : rule with { TemplateId = template.TemplateId }, errors);
    }

    private static JsonElement Merged(JsonElement begin, JsonObject over)
    {
        var merged = JsonObject.Create(begin)!;
        foreach (var (name, value) in over)
        {
            merged[name] = value?.DeepClone();
        }
        return JsonSerializer.SerializeToElement(merged, AlertsJson.Wire.JsonObject);
    }

    private static RuleTemplate Begin(AlertRule rule) => new()
    {
        WindowSeconds = rule.WindowSeconds,
        Threshold = rule.Threshold,
        Severity = rule.Severity,
        EventType = rule.EventType,
        Source = rule.Source,
        GroupBy = rule.GroupBy,
        AlertSeverity = rule.AlertSeverity,
    };
}
