using System.Text.Json;
using System.Text.Json.Serialization;
using AetherLink.ServiceDefaults;

namespace AetherLink.Orchestrator.Intents;

/// <summary>Results as JSON, generated at build time.</summary>
[JsonSerializable(typeof(Lead))]
[JsonSerializable(typeof(ActivitySummary))]
[JsonSerializable(typeof(ChosenIntent))]
[JsonSerializable(typeof(Structured))]
internal sealed partial class ResultsJson : JsonSerializerContext
{
    private static readonly ResultsJson Wire = new(new JsonSerializerOptions(Json.Wire));

    public static string Text(IntentResult result) => JsonSerializer.Serialize(result, result.GetType(), Wire);
}
