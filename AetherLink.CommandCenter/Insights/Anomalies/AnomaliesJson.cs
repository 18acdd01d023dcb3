using System.Text.Json;
using System.Text.Json.Serialization;
using AetherLink.CommandCenter.Insights.Anomalies.Judging;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Insights.Anomalies;

/// <summary>The slice's JSON, generated at build time.</summary>
[JsonSerializable(typeof(CurrentAnomalies))]
[JsonSerializable(typeof(AnomalyHistory))]
[JsonSerializable(typeof(AnomalyDetail))]
[JsonSerializable(typeof(AnomalyStats))]
[JsonSerializable(typeof(TriageBody))]
[JsonSerializable(typeof(TriageAnswer))]
[JsonSerializable(typeof(Incident))]
internal sealed partial class AnomaliesJson : JsonSerializerContext
{
    /// <summary>For what is written without the framework: the operator audit.</summary>
    public static AnomaliesJson Wire { get; } = new(new JsonSerializerOptions(Json.Wire));
}
