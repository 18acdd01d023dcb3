using System.Text.Json;
using System.Text.Json.Serialization;

namespace AetherLink.Orchestrator.Intents;

/// <summary>The result of an intent, in the shape that the contract promises whoever gave it.</summary>
internal abstract record IntentResult;

internal sealed record Lead(string? Name, string? Email, string? Company, string? Phone, IReadOnlyList<string> Tags) : IntentResult
{
    /// <summary>A lead that was just extracted is always new.</summary>
    public string Status { get; } = "new";
}

internal sealed record ActivitySummary(string Summary, IReadOnlyList<string> KeyPoints) : IntentResult;

internal sealed record ChosenIntent(string Intent, double Confidence) : IntentResult;

/// <summary>The result of an intent of configuration: JSON of its schema's shape, and written as such.</summary>
[JsonConverter(typeof(StructuredConverter))]
internal sealed record Structured(JsonElement Value) : IntentResult
{
    public static Structured Of(JsonShape shape, JsonElement answer)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) shape.Write(answer, writer);
        using var json = JsonDocument.Parse(buffer.ToArray());
        return new(json.RootElement.Clone());
    }
}

internal sealed class StructuredConverter : JsonConverter<Structured>
{
    public override Structured Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonElement.ParseValue(ref reader));

    public override void Write(Utf8JsonWriter writer, Structured value, JsonSerializerOptions options) => value.Value.WriteTo(writer);
}
