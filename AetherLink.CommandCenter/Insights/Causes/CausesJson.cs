using System.Text.Json;
using System.Text.Json.Serialization;
using AetherLink.CommandCenter.Insights.Causes.Judging;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Insights.Causes;

/// <summary>The slice's JSON, generated at build time.</summary>
[JsonSerializable(typeof(CausesAnswer))]
[JsonSerializable(typeof(VerdictBody))]
[JsonSerializable(typeof(VerdictAnswer))]
[JsonSerializable(typeof(Cause))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
internal sealed partial class CausesJson : JsonSerializerContext
{
    /// <summary>For what is written without the framework: the operator audit.</summary>
    public static CausesJson Wire { get; } = new(new JsonSerializerOptions(Json.Wire));
}
