using System.Diagnostics;
using System.Text.Json;
using AetherLink.Orchestrator.Governance;
using AetherLink.Orchestrator.Governance.Usage;
using AetherLink.Orchestrator.Providers;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AetherLink.Orchestrator.Calls;

/// <summary>A call from its body to its record, the same for who waits for the whole answer and for who reads it as it is written.</summary>
internal sealed class Calling(
    ProviderChains chains, Orchestrating orchestrating, TenantRates rates, ResponseCache cache, UsageLedger usage, CallAudit audit,
    CallTelemetry telemetry, Marking marking, LastCalls last, TimeProvider clock, ILogger<Calling> logger)
{
    /// <summary>A spool that drains at all does so within seconds.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>Another replica is there, or this one is back within seconds.</summary>
    private static readonly TimeSpan UntilBack = TimeSpan.FromSeconds(1);

    /// <summary>What is refused before it costs anything. It leaves a record only where the call was one.</summary>
    public (Call? Call, ProblemHttpResult? Refusal) Admit(JsonElement body, Caller caller)
    {
        var chain = chains.Current;
        var settings = chain.Settings;
        var (call, errors) = Call.Read(body, settings.Intents, settings.MaxTextChars, settings.MaxItems);
        if (call is null) return (null, Problems.Validation(errors));
        var tenant = call.Question.TenantId;
        if (!caller.MaySee(tenant)) return (null, Problems.Forbidden($"tenant {tenant} is not yours"));
        if (audit.Reserve(call.Question, chain.Links.Count) is not { } room) return (null, SpoolIsFull());
        call = call with { Room = room };
        if (rates.Take(tenant, settings.Governance.Rates) is not { } wait) return (call, null);
        var rejection = Rejection.OfRate(tenant, wait);
        var rejected = CallOutcome.Rejected(rejection, chain.Order);
        return (null, Record(call, caller, rejected) ? rejection.Problem() : SpoolIsFull());
    }

    /// <summary>
    /// Exactly one record, whatever the end, and what the mesh is told of the call follows from that. No outcome means that the record
    /// was not taken, which only a disk can do to a call that was admitted.
    /// </summary>
    public async Task<CallOutcome?> RunAsync(Call call, Caller caller, IPieceSink? pieces, CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, last.Over);
        var caching = chains.Current.Settings.Governance.Cache;
        CallOutcome outcome;
        try
        {
            outcome = Cached(call.Question, caching, pieces) ?? await orchestrating.RunAsync(call.Question, pieces, ends.Token);
        }
#pragma warning disable CA1031 // Whatever its end, it has a record, and a stream of it its last event.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.CallBroken(logger, e, call.Question.Intent.Name);
            outcome = CallOutcome.Broken(chains.Current.Order);
        }
        if (outcome is { Outcome: Outcomes.Success, Cached: false, IsMakeshift: false })
            cache.Keep(call.Question, new(outcome.Provider!, outcome.Model, outcome.Result!), caching);
        var recorded = Record(call, caller, outcome);
        marking.See(call.Question.Intent.Name, outcome, clock.GetUtcNow());
        return recorded ? outcome : null;
    }

    public static string? TraceId => Activity.Current?.TraceId.ToString();

    public static ProblemHttpResult SpoolIsFull() =>
        Problems.Unavailable("The audit spool is full, and no call goes unaudited. It drains once Kafka is back.", RetryAfter);

    public static ProblemHttpResult IsStopping() => Problems.Unavailable("The service is stopping.", UntilBack);

    private CallOutcome? Cached(Question question, CacheSettings? settings, IPieceSink? pieces)
    {
        if (settings is null) return null;
        var started = clock.GetTimestamp();
        if (cache.Find(question, settings) is not { } found) return null;
        pieces?.WriteWhole(found.Result);
        var took = Run.Ms(clock.GetElapsedTime(started));
        return new()
        {
            Outcome = Outcomes.Success,
            Provider = found.Provider,
            Model = found.Model,
            Result = found.Result,
            Attempts = [],
            Order = chains.Current.Order,
            LatencyMs = took,
            OverheadMs = took,
            Cached = true,
        };
    }

    private bool Record(Call call, Caller caller, CallOutcome outcome)
    {
        var started = clock.GetTimestamp();
        usage.Count(call.Question, outcome);
        var isRecorded = audit.TryRecord(call, caller.Name, outcome, TraceId);
        telemetry.Called(call.Question, outcome, clock.GetElapsedTime(started));
        return isRecorded;
    }
}
