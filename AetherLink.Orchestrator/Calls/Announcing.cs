using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using AetherLink.ServiceDefaults;

namespace AetherLink.Orchestrator.Calls;

/// <summary>Tells the mesh of each call, and Grafana of what stands out: beside the calls, which only queue it.</summary>
internal sealed class Announcing(OpsEventPublisher events, Marking marking, TimeProvider clock, ILogger<Announcing> logger)
    : BackgroundLoop(logger, clock)
{
    /// <summary>Some seconds of a full machine. The audit has every call; what comes beyond this is told there only.</summary>
    private const int Waiting = 10_000;

    private readonly Channel<Finished> _calls = Channel.CreateBounded<Finished>(
        new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Announce(Call call, CallOutcome outcome)
    {
        // Nobody used a provider, and nobody failed.
        if (outcome.Outcome is Outcomes.Cancelled or Outcomes.Rejected || outcome.Cached) return;
        _calls.Writer.TryWrite(new(call, outcome, Calling.TraceId, Clock.GetUtcNow()));
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var finished in _calls.Reader.ReadAllAsync(stopping)) Tell(finished);
        }
        finally
        {
            // The calls of the last moment; the spool takes them, and keeps them for the next start.
            while (_calls.Reader.TryRead(out var finished)) Tell(finished);
        }
    }

    private void Tell(Finished finished)
    {
        var (call, outcome, traceId, at) = finished;
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
            TraceId = traceId,
            Timestamp = at,
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
        marking.Mark(call, outcome, at);
    }

    private sealed record Finished(Call Call, CallOutcome Outcome, string? TraceId, DateTimeOffset At);
}
