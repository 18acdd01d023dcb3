using AetherLink.Orchestrator.Governance.Budgets;
using AetherLink.Orchestrator.Providers;
using AetherLink.Orchestrator.Routing;

namespace AetherLink.Orchestrator.Calls;

/// <summary>A provider that may be asked now: its circuit has let the call in, and what it can cost at most is held.</summary>
internal sealed record Ask(RouteStep Step, ChainLink Link, long Ticket, TimeSpan Limit, TenantBudgets.Hold Hold);

/// <summary>A provider that was asked: what is told of it, what it said, and what it took.</summary>
internal readonly record struct Asked(Attempt Attempt, Answered? Answered, TimeSpan Took, TokenUse Tokens, Cost Cost);

/// <summary>Asks one provider, when there is time and money for it and its circuit lets the call in.</summary>
internal sealed class Asking(
    TenantBudgets budgets, LastCalls last, TimeProvider clock, CallTelemetry telemetry, CircuitNews circuits, ILogger<Asking> logger)
{
    /// <summary>
    /// In less than that no model answers: it would be billed for nothing, and its circuit would count a failure. A timer that ends
    /// the attempt before it some milliseconds early leaves less, too.
    /// </summary>
    private static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(50);

    private static readonly Skip NoTimeLeft = new(Skip.NoTimeLeft, "the time for the whole call is spent");

    /// <summary>Whoever is prepared is asked or released: a hold, and perhaps a probe, are out for it.</summary>
    public async ValueTask<(Ask? Ask, Skip? Skip)> PrepareAsync(
        RouteStep step, ChainLink link, Run run, bool hasOthers, CancellationToken caller)
    {
        if (step.Skip is { } skip) return (null, skip);
        if (IsTooLate(link, run)) return (null, NoTimeLeft);
        var (hold, refusal) = run.Budget is null
            ? (TenantBudgets.Hold.Nothing, null)
            : await budgets.HoldAsync(run.Question.TenantId, Prices.Most(run.Question, link.Settings), run.Budget, hasOthers, caller);
        if (hold is null) return (null, refusal);
        // It may have waited for its budget.
        var (ticket, tooLate) = IsTooLate(link, run) ? (0, NoTimeLeft) : Enter(link);
        if (tooLate is not null)
        {
            hold.Settle(default);
            return (null, tooLate);
        }
        var left = run.TimeLeft(clock);
        // The local provider answers also when the others have used up the time: that is what it is there for.
        var limit = !link.NeedsNetwork || left >= link.Settings.Timeout ? link.Settings.Timeout : left < LeastTime ? LeastTime : left;
        return (new(step, link, ticket, limit, hold), null);
    }

    /// <summary>Of whoever is not asked after all.</summary>
    public static void Release(Ask ask)
    {
        ask.Hold.Settle(default);
        ask.Link.Circuit.Abandoned(ask.Ticket);
        ask.Link.Stats.Ended();
    }

    /// <param name="ask">Whoever is asked.</param>
    /// <param name="run">The call.</param>
    /// <param name="pieces">Where its text goes, piece by piece.</param>
    /// <param name="ends">The caller's leaving, or that somebody else has answered.</param>
    public async Task<Asked> AskAsync(Ask ask, Run run, IPieceSink? pieces, CancellationToken ends)
    {
        var link = ask.Link;
        var started = clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(ask.Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ends);
        using var span = telemetry.StartAttempt(run.Question, link);
        var meter = new Meter();
        var (settled, tookNothing) = (false, false);
        Asked Ended(Attempt attempt, TimeSpan took, Answered? answered = null) =>
            new(attempt, answered, took, meter.Tokens, Prices.Of(meter.Tokens, link.Settings.Price));
        try
        {
            var answer = await link.Provider!.AskAsync(run.Question, pieces, meter, either.Token);
            var took = clock.GetElapsedTime(started);
            circuits.Tell(link, link.Circuit.Succeeded(ask.Ticket));
            settled = true;
            link.Stats.Succeeded(took, clock.GetUtcNow());
            telemetry.Answered(span, link, answer, meter.Tokens, took);
            return Ended(Attempt.Succeeded(ask.Step, Run.Ms(took)), took, new(link.Name, answer.Model, answer.Result, IsMakeshift: !link.NeedsNetwork));
        }
        catch (Exception e) when (ends.IsCancellationRequested && ProviderFault.Within(e) is null)
        {
            var took = clock.GetElapsedTime(started);
            link.Stats.GivenUp(took, link.Settings.MaxLatency, clock.GetUtcNow());
            telemetry.Cancelled(span, link, meter.Tokens, took);
            return Ended(Attempt.Cancelled(ask.Step, last.Over.IsCancellationRequested ? "the service is stopping" : "the caller went away", Run.Ms(took)), took);
        }
#pragma warning disable CA1031 // Whatever a provider throws is its own failure, and the next one is asked.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var took = clock.GetElapsedTime(started);
            var fault = Classify(e, link, timeout.IsCancellationRequested, ask.Limit);
            circuits.Tell(link, link.Circuit.Failed(ask.Ticket, fault, clock.GetUtcNow()), fault);
            (settled, tookNothing) = (true, fault.TookNothing);
            link.Stats.Failed(took, clock.GetUtcNow(), $"{fault.Kind.Wire()}: {fault.Gist}");
            telemetry.Failed(span, link, fault, meter.Tokens, took);
            Log.ProviderFailed(logger, link.Name, run.Question.Intent.Name, Run.Ms(took), fault.Kind.Wire(), fault.Gist);
            return Ended(Attempt.Failed(ask.Step, fault, Run.Ms(took)), took);
        }
        finally
        {
            // What it took counts whatever its end: an answer of the wrong shape, a cut stream, somebody who was not waited for. Where
            // it has not said all of it, also of a good answer, as the most that it may be billed for: a budget is never exceeded.
            ask.Hold.Settle(tookNothing || meter.IsWhole
                ? Prices.Of(meter.Tokens, link.Settings.Price) : Prices.Most(run.Question, link.Settings, meter.Tokens));
            if (!settled) link.Circuit.Abandoned(ask.Ticket);
            link.Stats.Ended();
        }
    }

    private bool IsTooLate(ChainLink link, Run run) => link.NeedsNetwork && run.TimeLeft(clock) < LeastTime;

    /// <summary>Takes one of its places and a ticket of its circuit, or neither: others may have been quicker since it was planned.</summary>
    private (long Ticket, Skip? Skip) Enter(ChainLink link)
    {
        if (!link.Stats.TryStart(link.Settings.Limits.MaxInFlight)) return (0, Skip.Full(link.Stats.InFlight, link.Settings.Limits.MaxInFlight));
        if (link.Circuit.Enter(clock.GetUtcNow()) is { } ticket) return (ticket, null);
        link.Stats.Ended();
        return (0, Skip.Circuit(link.Circuit.Snapshot()));
    }

    private ProviderFault Classify(Exception exception, ChainLink link, bool timedOut, TimeSpan limit)
    {
        if (Faults.Of(exception, timedOut, limit) is { } fault) return fault;
        Log.ProviderBroken(logger, exception, link.Name);
        return new ProviderFault(FaultKind.InvalidAnswer, $"unexpected {exception.GetType().Name}", inner: exception);
    }
}
