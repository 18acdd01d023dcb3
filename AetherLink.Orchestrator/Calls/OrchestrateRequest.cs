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
    /// <summary>What is kept of the audit's spool for its record.</summary>
    public int Room { get; init; }

    // As the events have it: a tenant is a key of topics and indexes.
    private const int MaxTenantChars = 128;

    private const string NotUnicode = "is not valid Unicode";

    public static (Call? Call, IReadOnlyList<FieldError> Errors) Read(JsonElement body, IntentCatalog intents, int maxTextChars, int maxItems)
    {
        if (body.ValueKind != JsonValueKind.Object)
            return (null, [new("body", "must be a JSON object with intent, tenant_id and payload")]);
        try
        {
            return ReadObject(body, intents, maxTextChars, maxItems);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: it parses, and throws when it is compared with a name that is looked for.
            return (null, [new("body", "holds a name that is not valid Unicode")]);
        }
    }

    private static (Call? Call, IReadOnlyList<FieldError> Errors) ReadObject(JsonElement body, IntentCatalog intents, int maxTextChars, int maxItems)
    {
        var errors = new List<FieldError>();
        var asked = Text(body, "intent", errors);
        var intent = intents.Find(asked);
        if (asked is not null && intent is null)
            errors.Add(new("intent", $"Unknown intent '{Short(asked)}'; known: {string.Join(", ", intents.Names)}"));
        var tenant = Text(body, "tenant_id", errors);
        if (tenant?.Length > MaxTenantChars)
            errors.Add(new("tenant_id", $"must be at most {MaxTenantChars} characters"));
        if (tenant?.Any(char.IsControl) is true)
            errors.Add(new("tenant_id", "must not hold control characters"));
        var text = Payload(body, intent, maxTextChars, maxItems, errors);

        return errors.Count == 0 ? (new Call(asked!, new(intent!, tenant!, text!)), []) : (null, errors);
    }

    private static string? Text(JsonElement body, string field, List<FieldError> errors)
    {
        if (!body.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
            errors.Add(new(field, "is required"));
        else if (value.ValueKind != JsonValueKind.String)
            errors.Add(new(field, "must be a string"));
        else if (Unescaped(value) is not { } text)
            errors.Add(new(field, NotUnicode));
        else if (string.IsNullOrWhiteSpace(text))
            errors.Add(new(field, "must not be empty"));
        else
            return text.Trim();
        return null;
    }

    private static string? Payload(JsonElement body, Intent? intent, int maxTextChars, int maxItems, List<FieldError> errors)
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
        if (payload.GetProperty(field) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > maxItems)
        {
            errors.Add(new($"payload.{field}", $"must have at most {maxItems} items, not {list.GetArrayLength()}"));
            return null;
        }
        var pieces = Pieces(payload.GetProperty(field));
        var text = pieces is null || pieces.Contains(null) ? null : string.Join('\n', pieces);
        if (text is null)
            errors.Add(new($"payload.{field}", pieces is null ? "must be a string, or a list of strings" : NotUnicode));
        else if (string.IsNullOrWhiteSpace(text))
            errors.Add(new($"payload.{field}", "must not be empty"));
        else if (text.Length > maxTextChars)
            errors.Add(new($"payload.{field}", $"must be at most {maxTextChars} characters, not {text.Length}"));
        return text;
    }

    /// <summary>An activity is often a list of notes: one line each.</summary>
    private static string?[]? Pieces(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [Unescaped(value)],
        JsonValueKind.Array when value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String) =>
            [.. value.EnumerateArray().Select(Unescaped)],
        _ => null,
    };

    /// <summary>Null when it holds half a surrogate pair.</summary>
    private static string? Unescaped(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
