using System.Text.Json.Nodes;
using AetherLink.ServiceDefaults;

namespace AetherLink.Orchestrator.Calls;

/// <summary>Tells the mesh of each call by an event, which is in its spool before the answer ends, and hands on what is worth a mark.</summary>
internal sealed class Announcing(OpsEventPublisher events, Marking marking, TimeProvider clock)
{
    public void Announce(Call call, CallOutcome outcome)
    {
        // Nobody used a provider, and nobody failed.
        if (outcome.Outcome is Outcomes.Cancelled or Outcomes.Rejected || outcome.Cached) return;
        var (type, severity) = outcome switch
        {
            { Outcome: Outcomes.Failed } => (EventTypes.AiFallbackFailed, Severities.Error),
            { FellBack: true } => (EventTypes.AiFallbackUsed, Severities.Warning),
            _ => (EventTypes.AiProviderUsed, Severities.Info),
        };
        events.TryPublish(new OpsEvent
        {
            EventType = type,
            Severity = severity,
            TenantId = call.Question.TenantId,
            Payload = new JsonObject
            {
                ["intent"] = call.Question.Intent.Name,
                ["provider"] = outcome.Provider,
                ["model"] = outcome.Model,
                ["latency_ms"] = outcome.LatencyMs,
                ["attempts"] = JsonValue.Create(outcome.Told, CallsJson.Wire.IReadOnlyListAttempt),
                ["outcome"] = outcome.Outcome,
            },
        });
        marking.See(call.Question.Intent.Name, outcome, clock.GetUtcNow());
    }
}
