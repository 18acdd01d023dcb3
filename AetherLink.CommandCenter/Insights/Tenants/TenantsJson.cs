using System.Text.Json.Serialization;

namespace AetherLink.CommandCenter.Insights.Tenants;

/// <summary>The slice's JSON, generated at build time.</summary>
[JsonSerializable(typeof(TenantSummary))]
internal sealed partial class TenantsJson : JsonSerializerContext;
