using System.Diagnostics;
using System.Text.Json;
using AetherLink.Orchestrator.Providers;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AetherLink.Orchestrator.Calls;

/// <summary>A call from its body to its record, the same for who waits for the whole answer and for who reads it as it is written.</summary>
internal sealed class Calling(
    ProviderChains chains, Orchestrating orchestrating, CallAudit audit, Announcing announcing, TimeProvider clock)
{
    /// <summary>A spool that drains at all does so within seconds.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>What is refused before it costs anything, and leaves no record.</summary>
    public (Call? Call, ProblemHttpResult? Refusal) Admit(JsonElement body, Caller caller)
    {
        var (call, errors) = Call.Read(body, chains.Current.Settings.MaxTextChars);
        if (call is null) return (null, Problems.Validation(errors));
        if (!caller.MaySee(call.Question.TenantId)) return (null, Problems.Forbidden($"tenant {call.Question.TenantId} is not yours"));
        return audit.IsOpen ? (call, null) : (null, SpoolIsFull());
    }

    /// <summary>Exactly one record, whatever the end. No outcome means that there was no room for it.</summary>
    public async Task<CallOutcome?> RunAsync(Call call, Caller caller, IPieceSink? pieces, CancellationToken cancellationToken)
    {
        var outcome = await orchestrating.RunAsync(call.Question, pieces, cancellationToken);
        var recorded = audit.TryRecord(new AuditRecord(
            Guid.CreateVersion7().ToString(), call.Question.TenantId, call.Question.Intent.Name, outcome.Outcome, outcome.Provider, outcome.Model,
            outcome.Tried, outcome.LatencyMs, outcome.OverheadMs, outcome.Usage, caller.Name, TraceId, clock.GetUtcNow()));
        announcing.Announce(call, outcome);
        return recorded ? outcome : null;
    }

    public static string? TraceId => Activity.Current?.TraceId.ToString();

    public static ProblemHttpResult SpoolIsFull() =>
        Problems.Unavailable("The audit spool is full, and no call goes unaudited. It drains once Kafka is back.", RetryAfter);
}
