using System.Text.Json.Serialization;

namespace AetherLink.CommandCenter.Insights.Timeline;

/// <summary>The slice's JSON, generated at build time.</summary>
[JsonSerializable(typeof(MeshState))]
internal sealed partial class TimelineJson : JsonSerializerContext;
