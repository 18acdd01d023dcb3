using System.Text.Json;
using System.Text.Json.Serialization;
using AetherLink.Orchestrator.Intents;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.Orchestrator.Calls;

/// <summary>The slice's JSON, generated at build time.</summary>
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(OrchestrateAnswer))]
[JsonSerializable(typeof(AllFailedProblem))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(Delta))]
[JsonSerializable(typeof(AuditRecord))]
[JsonSerializable(typeof(IReadOnlyList<Attempt>))]
[JsonSerializable(typeof(Lead))]
[JsonSerializable(typeof(ActivitySummary))]
[JsonSerializable(typeof(ChosenIntent))]
[JsonSerializable(typeof(Structured))]
internal sealed partial class CallsJson : JsonSerializerContext
{
    public static CallsJson Wire { get; } = new(new JsonSerializerOptions(Json.Wire));
}
