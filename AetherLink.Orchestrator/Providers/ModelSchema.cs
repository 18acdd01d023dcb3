using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AetherLink.Orchestrator.Intents;

namespace AetherLink.Orchestrator.Providers;

/// <summary>
/// An intent's schema as far as Anthropic and OpenAI hold a model to it. Bounds (of some kinds or all), and an object that is not closed,
/// they answer with 400, which would look like a provider that fails. An answer is held against the whole schema whoever gave it.
/// </summary>
/// <param name="Keywords">By their names.</param>
/// <param name="Text">The same as JSON.</param>
internal sealed record ModelSchema(FrozenDictionary<string, JsonElement> Keywords, string Text)
{
    private static readonly string[] Refused = ["minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum", "$schema"];

    // Made once for each intent; a reload makes new ones.
    private static readonly ConditionalWeakTable<Intent, Known> All = new();

    /// <summary>Null where it cannot be said: then the prompt alone says what is asked for.</summary>
    public static ModelSchema? Of(Intent intent) => All.GetValue(intent, Known.Of).Schema;

    /// <summary>As a model is told it at most, whoever it is.</summary>
    public static int MostBytes(Intent intent) => All.GetValue(intent, Known.Of).MostBytes;

    private static ModelSchema? Make(JsonElement schema)
    {
        var outline = JsonNode.Parse(schema.GetRawText())!.AsObject();
        if (!TryStrip(outline)) return null;
        // With the comparer that Anthropic's SDK asks for: then it takes over what is frozen, and makes none for each call.
        return new(outline.ToFrozenDictionary(keyword => keyword.Key, keyword => JsonSerializer.SerializeToElement(keyword.Value)), outline.ToJsonString());
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

    private sealed record Known(ModelSchema? Schema, int MostBytes)
    {
        public static Known Of(Intent intent)
        {
            var (schema, whole) = (Make(intent.Schema), Encoding.UTF8.GetByteCount(intent.Schema.GetRawText()));
            return new(schema, Math.Max(whole, Encoding.UTF8.GetByteCount(schema?.Text ?? "")));
        }
    }
}
