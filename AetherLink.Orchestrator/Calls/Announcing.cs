using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AetherLink.ServiceDefaults;

namespace AetherLink.Orchestrator.Calls;

/// <summary>Tells the mesh of a call: one event, and a mark in Grafana for what stands out. Both only queue.</summary>
internal sealed class Announcing(OpsEventPublisher events, GrafanaAnnotations annotations, TimeProvider clock)
{
    /// <summary>Slower than this is worth a mark.</summary>
    private const double SlowMs = 2_000;

    /// <summary>One mark of a kind a minute: an outage at a thousand calls a second is one mark, not a thousand.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _marked = new(StringComparer.Ordinal);

    public void Announce(Call call, CallOutcome outcome)
    {
        if (outcome.Outcome == Outcomes.Cancelled) return;
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
                ["attempts"] = JsonSerializer.SerializeToNode(outcome.Tried, CallsJson.Wire.IReadOnlyListAttempt),
                ["outcome"] = outcome.Outcome,
            },
        });
        Mark(call, outcome);
    }

    private void Mark(Call call, CallOutcome outcome)
    {
        var intent = call.Question.Intent.Name;
        if (outcome.Outcome == Outcomes.Failed)
            Once($"failed {intent}", $"All AI providers failed at {intent}", "failure");
        else if (outcome.FellBack)
            Once($"fallback {outcome.Provider}", $"AI fallback to {outcome.Provider} at {intent}", "failover");
        if (outcome.LatencyMs > SlowMs)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"AI call {intent} took {outcome.LatencyMs / 1_000:0.0} s");
            Once($"slow {intent}", text, "latency");
        }
    }

    private void Once(string key, string text, string tag)
    {
        var now = clock.GetUtcNow();
        if (_marked.TryGetValue(key, out var last) && now - last < Quiet) return;
        _marked[key] = now;
        annotations.TryAnnotate(text, ["ai", tag], now);
    }
}
