using System.Text.Json.Serialization;

namespace AetherLink.CommandCenter.Insights.Overview;

/// <summary>The slice's JSON, generated at build time.</summary>
[JsonSerializable(typeof(OperatorSummary))]
[JsonSerializable(typeof(OperatorTrends))]
internal sealed partial class OverviewJson : JsonSerializerContext;
