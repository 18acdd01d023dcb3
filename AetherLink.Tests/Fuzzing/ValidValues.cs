using System.Text.Json.Nodes;
using AetherLink.ServiceDefaults;

namespace AetherLink.Tests.Fuzzing;

/// <summary>Values that an endpoint takes: by the name of the field, else by its schema. They do no harm to a mesh that others use.</summary>
internal static class ValidValues
{
    public const string Tenant = "fuzz";

    /// <summary>Services that are registered here, and tenants and targets that are named, begin so.</summary>
    public const string Prefix = "fuzz-";

    /// <summary>What anybody may publish; the others are told by the Command Center alone.</summary>
    private static readonly string[] Publishable =
        [.. EventTypes.All.Except([EventTypes.DeliveryReplayed, EventTypes.AutohealCooldownStarted, EventTypes.AutohealCooldownCleared])
            .Where(type => !type.StartsWith("ops.", StringComparison.Ordinal))];

    /// <summary>JSON text of a value.</summary>
    public static string Json(Dice dice, string name, JsonNode? schema, JsonNode? components, DateTimeOffset now)
    {
        schema = Resolved(schema, components);
        return name switch
        {
            "payload" => dice.Pick("{}", """{"lead_id":"1"}""", """{"raw_text":"Ann Lee, ann@acme.example, Acme Inc."}""", """{"activity":["Called.","Sent."]}"""),
            "timestamp" or "starts_at" => Quoted(now),
            "until" or "ends_at" => Quoted(now.AddMinutes(1)),
            "url" or "health_url" => "\"http://127.0.0.1:9/\"",
            "target" => dice.Pick("\"orchestrator\"", "null"),
            "retention_days" => dice.Pick("1", "90", "36500"),
            _ when Text(dice, name) is { } text => $"\"{text}\"",
            _ => BySchema(dice, schema, components, now),
        };
    }

    /// <summary>A value for a path or a query.</summary>
    public static string Text(Dice dice, Parameter parameter, DateTimeOffset now) => parameter.Name switch
    {
        "limit" => dice.Pick("1", "10", "50"),
        "hours" or "days" => dice.Pick("1", "24"),
        "since" => now.AddHours(-1).ToString("yyyy-MM-ddTHH:mm:ssZ", null),
        "until" => now.ToString("yyyy-MM-ddTHH:mm:ssZ", null),
        "cursor" => "AQAAAAAAAAAB",
        "text" => "lead",
        "all" => dice.Pick("true", "false"),
        // Never the name of anything that runs: a restart that is allowed would take place.
        "target" => Prefix + "none",
        _ => Text(dice, parameter.Name) ?? "1",
    };

    public static JsonNode? Resolved(JsonNode? schema, JsonNode? components) =>
        (string?)schema?["$ref"] is { } reference ? components?[reference.Split('/')[^1]] : schema;

    private static string? Text(Dice dice, string name) => name switch
    {
        "event_type" => dice.Pick(Publishable),
        "severity" => dice.Pick("info", "warning", "error", "critical"),
        "source" or "reason" or "version" => "fuzz",
        "tenant_id" => Tenant,
        "id" or "name" => Prefix + dice.Below(10),
        "event_id" => $"{Prefix}{dice.Below(1_000)}",
        "trace_id" => "4bf92f3577b34da6a3ce929d0e0e4736",
        "intent" => dice.Pick("extract-lead", "summarize", "route", "classify-intent"),
        "provider" => "local",
        "outcome" => "success",
        "role" => dice.Pick("viewer", "operator", "admin"),
        _ => null,
    };

    private static string BySchema(Dice dice, JsonNode? schema, JsonNode? components, DateTimeOffset now) => Type(schema) switch
    {
        "integer" or "number" => "1",
        "boolean" => dice.Pick("true", "false"),
        "array" => $"[{Json(dice, "", schema!["items"], components, now)}]",
        "object" => "{}",
        _ => "\"fuzz\"",
    };

    private static string? Type(JsonNode? schema) => schema?["type"] switch
    {
        JsonArray several => several.Select(type => (string?)type).FirstOrDefault(type => type != "null"),
        { } one => (string?)one,
        null => null,
    };

    private static string Quoted(DateTimeOffset time) => $"\"{time:yyyy-MM-ddTHH:mm:ssZ}\"";
}
