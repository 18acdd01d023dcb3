using System.Text.Json;
using System.Text.Json.Serialization;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.AiUsage;

/// <summary>The slice's JSON, generated at build time.</summary>
[JsonSerializable(typeof(AiCall))]
[JsonSerializable(typeof(IReadOnlyList<AiAttempt>))]
[JsonSerializable(typeof(AiUsageReport))]
[JsonSerializable(typeof(AiCallPage))]
internal sealed partial class AiUsageJson : JsonSerializerContext
{
    public static AiUsageJson Wire { get; } = new(new JsonSerializerOptions(Json.Wire) { RespectNullableAnnotations = true });
}
