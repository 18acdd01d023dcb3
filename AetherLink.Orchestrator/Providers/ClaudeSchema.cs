using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using AetherLink.Orchestrator.Intents;

namespace AetherLink.Orchestrator.Providers;

/// <summary>
/// An intent's schema as far as Anthropic holds a model to it. Bounds, and an object that is not closed, it answers with 400, which would
/// look like a provider that fails. An answer is held against the whole schema whoever gave it.
/// </summary>
internal static class ClaudeSchema
{
    private static readonly string[] Refused = ["minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum", "$schema"];

    // Made once for each intent; a reload makes new ones.
    private static readonly ConditionalWeakTable<Intent, Outline> Known = new();

    /// <summary>Null where it cannot be said: then the prompt alone says what is asked for.</summary>
    public static FrozenDictionary<string, JsonElement>? Of(Intent intent) => Known.GetValue(intent, static one => new(Make(one.Schema))).Schema;

    private static FrozenDictionary<string, JsonElement>? Make(JsonElement schema)
    {
        var outline = JsonNode.Parse(schema.GetRawText())!.AsObject();
        // With the comparer that the SDK asks for: then it takes over what is frozen, and makes none for each call.
        return TryStrip(outline) ? outline.ToFrozenDictionary(keyword => keyword.Key, keyword => JsonSerializer.SerializeToElement(keyword.Value)) : null;
    }

    private static bool TryStrip(JsonObject schema)
    {
        foreach (var keyword in Refused) schema.Remove(keyword);
        if (!schema.ContainsKey("type") && !schema.ContainsKey("enum")) return false;
        if (MayBeObject(schema["type"]) && schema["additionalProperties"]?.GetValueKind() != JsonValueKind.False) return false;
        if (schema["properties"] is JsonObject properties && !properties.All(property => TryStrip(property.Value!.AsObject()))) return false;
        return schema["items"] is not JsonObject items || TryStrip(items);
    }

    private static bool MayBeObject(JsonNode? type) => type switch
    {
        JsonArray several => several.Any(one => (string?)one == "object"),
        _ => (string?)type == "object",
    };

    private sealed record Outline(FrozenDictionary<string, JsonElement>? Schema);
}
