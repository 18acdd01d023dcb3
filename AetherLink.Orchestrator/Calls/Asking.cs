using AetherLink.Orchestrator.Governance.Budgets;
using AetherLink.Orchestrator.Providers;
using AetherLink.Orchestrator.Routing;

namespace AetherLink.Orchestrator.Calls;

/// <summary>Asks one provider, when there is time and money for it and its circuit lets the call in.</summary>
internal sealed class Asking(TenantBudgets budgets, TimeProvider clock, CallTelemetry telemetry, CircuitNews circuits, ILogger<Asking> logger)
{
    /// <summary>Timers count whole milliseconds, and may be over by one too early: in less nobody is asked.</summary>
    private static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(2);

    public async Task<Answered?> TryAsync(RouteStep step, ChainLink link, Run run, CancellationToken caller)
    {
        if (step.Skip is { } skip) return Skipped(run, step, skip);
        var left = run.Time - clock.GetElapsedTime(run.Started);
        if (link.NeedsNetwork && left < LeastTime)
            return Skipped(run, step, new(Skip.NoTimeLeft, "the time for the whole call is spent"));
        var (hold, refusal) = run.Budget is null
            ? (TenantBudgets.Hold.Nothing, null)
            : await budgets.HoldAsync(run.Question.TenantId, Prices.Most(run.Question, link.Settings), run.Budget, caller);
        if (hold is null) return Skipped(run, step, refusal!);
        if (link.Circuit.Enter(clock.GetUtcNow()) is not { } ticket)
        {
            hold.Settle(default);
            return Skipped(run, step, Skip.Circuit(link.Circuit.Snapshot()));
        }
        // The local provider answers also when the others have used up the time: that is what it is there for.
        var limit = link.NeedsNetwork && left < link.Settings.Timeout ? left : link.Settings.Timeout;
        return await AskAsync(new(step, link, ticket, limit, hold), run, caller);
    }

    private async Task<Answered?> AskAsync(Ask ask, Run run, CancellationToken caller)
    {
        var link = ask.Link;
        var started = clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(ask.Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, caller);
        using var span = telemetry.StartAttempt(run.Question, link);
        var cost = default(Cost);
        var settled = false;
        link.Stats.Started();
        try
        {
            var answer = await link.Provider!.AskAsync(run.Question, run.Pieces, either.Token);
            var took = run.Took(clock.GetElapsedTime(started));
            circuits.Tell(link, link.Circuit.Succeeded(ask.Ticket));
            settled = true;
            link.Stats.Succeeded(took, clock.GetUtcNow());
            cost = run.Used(answer.Tokens, link.Settings.Price);
            run.Attempts.Add(new(link.Name, Outcomes.Success, null, null, Run.Ms(took), ask.Step.Why));
            telemetry.Answered(span, link, answer, took);
            return new(link.Name, answer.Model, answer.Result);
        }
        catch (OperationCanceledException) when (caller.IsCancellationRequested)
        {
            var took = run.Took(clock.GetElapsedTime(started));
            run.Attempts.Add(new(link.Name, Outcomes.Cancelled, "the caller went away", null, Run.Ms(took), ask.Step.Why));
            return null;
        }
#pragma warning disable CA1031 // Whatever a provider throws is its own failure, and the next one is asked.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var took = run.Took(clock.GetElapsedTime(started));
            var fault = Classify(e, link, timeout.IsCancellationRequested, ask.Limit);
            circuits.Tell(link, link.Circuit.Failed(ask.Ticket, fault, clock.GetUtcNow()), fault);
            settled = true;
            link.Stats.Failed(took, clock.GetUtcNow(), $"{fault.Kind.Wire()}: {fault.Message}");
            cost = run.Used(fault.Tokens, link.Settings.Price);
            run.Attempts.Add(Attempt.Failed(ask.Step, fault, Run.Ms(took)));
            telemetry.Failed(span, link, fault, took);
            Log.ProviderFailed(logger, link.Name, run.Question.Intent.Name, Run.Ms(took), fault.Kind.Wire(), fault.Message);
            return null;
        }
        finally
        {
            ask.Hold.Settle(cost);
            if (!settled) link.Circuit.Abandoned(ask.Ticket);
            link.Stats.Ended();
        }
    }

    private ProviderFault Classify(Exception exception, ChainLink link, bool timedOut, TimeSpan limit)
    {
        if (Faults.Of(exception, timedOut, limit) is { } fault) return fault;
        Log.ProviderBroken(logger, exception, link.Name);
        return new ProviderFault(FaultKind.InvalidAnswer, $"unexpected {exception.GetType().Name}", inner: exception);
    }

    private static Answered? Skipped(Run run, RouteStep step, Skip skip)
    {
        run.Attempts.Add(Attempt.Skipped(step, skip));
        return null;
    }

    private sealed record Ask(RouteStep Step, ChainLink Link, long Ticket, TimeSpan Limit, TenantBudgets.Hold Hold);
}
