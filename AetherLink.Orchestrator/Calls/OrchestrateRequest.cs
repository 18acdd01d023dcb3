using System.Text.Json;
using AetherLink.Orchestrator.Intents;
using AetherLink.Orchestrator.Providers;
using AetherLink.ServiceDefaults;

namespace AetherLink.Orchestrator.Calls;

/// <summary>The body of a call, as documented. It is read as JSON, so that everything wrong with it is named at once.</summary>
internal sealed record OrchestrateRequest(string Intent, string TenantId, Dictionary<string, JsonElement> Payload);

/// <summary>A call that may be routed. <c>Asked</c> is the intent by the name that the caller used.</summary>
internal sealed record Call(string Asked, Question Question)
{
    // As the events have it: a tenant is a key of topics and indexes.
    private const int MaxTenantChars = 128;

    public static (Call? Call, IReadOnlyList<FieldError> Errors) Read(JsonElement body, int maxTextChars)
    {
        if (body.ValueKind != JsonValueKind.Object)
            return (null, [new("body", "must be a JSON object with intent, tenant_id and payload")]);

        var errors = new List<FieldError>();
        var asked = Text(body, "intent", errors);
        var intent = Intent.Find(asked);
        if (asked is not null && intent is null)
            errors.Add(new("intent", $"Unknown intent '{Short(asked)}'; known: {string.Join(", ", Intent.Names)}"));
        var tenant = Text(body, "tenant_id", errors);
        if (tenant?.Length > MaxTenantChars)
            errors.Add(new("tenant_id", $"must be at most {MaxTenantChars} characters"));
        var text = Payload(body, intent, maxTextChars, errors);

        return errors.Count == 0 ? (new Call(asked!, new(intent!, tenant!, text!)), []) : (null, errors);
    }

    private static string? Text(JsonElement body, string field, List<FieldError> errors)
    {
        if (!body.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
            errors.Add(new(field, "is required"));
        else if (value.ValueKind != JsonValueKind.String)
            errors.Add(new(field, "must be a string"));
        else if (string.IsNullOrWhiteSpace(value.GetString()))
            errors.Add(new(field, "must not be empty"));
        else
            return value.GetString()!.Trim();
        return null;
    }

    private static string? Payload(JsonElement body, Intent? intent, int maxTextChars, List<FieldError> errors)
    {
        if (!body.TryGetProperty("payload", out var payload) || payload.ValueKind == JsonValueKind.Null)
        {
            errors.Add(new("payload", "is required"));
            return null;
        }
        if (payload.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new("payload", "must be an object"));
            return null;
        }
        if (intent is null) return null;

        var fields = intent.PayloadFields;
        var field = fields.FirstOrDefault(f => payload.TryGetProperty(f, out var v) && v.ValueKind != JsonValueKind.Null);
        if (field is null)
        {
            errors.Add(new($"payload.{fields[0]}", fields.Count == 1 ? "is required" : $"is required (or payload.{fields[1]})"));
            return null;
        }
        var text = Join(payload.GetProperty(field));
        if (text is null)
            errors.Add(new($"payload.{field}", "must be a string, or a list of strings"));
        else if (string.IsNullOrWhiteSpace(text))
            errors.Add(new($"payload.{field}", "must not be empty"));
        else if (text.Length > maxTextChars)
            errors.Add(new($"payload.{field}", $"must be at most {maxTextChars} characters, not {text.Length}"));
        return text;
    }

    /// <summary>An activity is often a list of notes: one line each.</summary>
    private static string? Join(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Array when value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String) =>
            string.Join('\n', value.EnumerateArray().Select(v => v.GetString())),
        _ => null,
    };

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
