using System.Text.Json.Serialization;

namespace AetherLink.CommandCenter.Operators;

/// <summary>The slice's JSON, generated at build time.</summary>
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(AuditStatsAnswer))]
[JsonSerializable(typeof(AuditVerification))]
internal sealed partial class OperatorsJson : JsonSerializerContext;
