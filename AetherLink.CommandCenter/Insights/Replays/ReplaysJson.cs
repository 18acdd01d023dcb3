using System.Text.Json.Serialization;

namespace AetherLink.CommandCenter.Insights.Replays;

/// <summary>The slice's JSON, generated at build time.</summary>
[JsonSerializable(typeof(ReplayRecommendations))]
internal sealed partial class ReplaysJson : JsonSerializerContext;
