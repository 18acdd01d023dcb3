using System.Text.Json.Serialization;
using AetherLink.Orchestrator.Governance.Usage;

namespace AetherLink.Orchestrator.Governance;

/// <summary>The slice's JSON, generated at build time.</summary>
[JsonSerializable(typeof(UsageReport))]
internal sealed partial class GovernanceJson : JsonSerializerContext;
