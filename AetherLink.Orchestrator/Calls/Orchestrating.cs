using AetherLink.Orchestrator.Providers;
using AetherLink.Orchestrator.Routing;

namespace AetherLink.Orchestrator.Calls;

/// <summary>Goes down the chain until somebody answers. It waits for nobody while another is there.</summary>
internal sealed class Orchestrating(
    ProviderChains chains, Asking asking, HedgedAsking hedging, TimeProvider clock, ILogger<Orchestrating> logger)
{
    public async Task<CallOutcome> RunAsync(Question question, IPieceSink? pieces, CancellationToken caller)
    {
        var chain = chains.Current;
        var settings = chain.Settings;
        var run = new Run(question, clock.GetTimestamp(), settings.TotalTimeout, settings.Governance.Budgets.Of(question.TenantId), pieces);
        var answered = await WalkAsync(chain, run, caller);

        var total = clock.GetElapsedTime(run.Started);
        var outcome = new CallOutcome
        {
            Outcome = answered is not null ? Outcomes.Success : caller.IsCancellationRequested ? Outcomes.Cancelled : Outcomes.Failed,
            Provider = answered?.Provider,
            Model = answered?.Model,
            Result = answered?.Result,
            IsMakeshift = answered is { IsMakeshift: true },
            Attempts = run.Attempts,
            Order = chain.Order,
            BrokeOff = answered is null && pieces is { HasBegun: true },
            Usage = run.Usage,
            LatencyMs = Run.Ms(total),
            OverheadMs = Run.Ms(total - run.InProviders),
        };
        if (outcome.Outcome == Outcomes.Failed && Rejection.OfBudget(outcome.Attempts, run.Budget, clock.GetUtcNow()) is { } rejection)
            outcome = outcome with { Outcome = Outcomes.Rejected, Rejection = rejection };
        if (outcome.Outcome == Outcomes.Failed) Log.AllFailed(logger, question.Intent.Name, question.TenantId);
        return outcome;
    }

    private async Task<Answered?> WalkAsync(ProviderChain chain, Run run, CancellationToken caller)
    {
        var views = new ProviderView[chain.Links.Count];
        for (var i = 0; i < views.Length; i++) views[i] = chain.Links[i].View();
        var policy = chain.Settings.Routing.Of(run.Question.TenantId);
        var plan = Router.Plan(views, Request(run.Question, policy), clock.GetUtcNow());
        Answered? answered = null;
        int? hedged = null;
        for (var place = 0; place < plan.Count; place++)
        {
            var step = plan[place];
            if (place == hedged) continue;
            if (answered is not null)
            {
                run.Attempts.Add(Attempt.PassedOver(step));
                continue;
            }
            var (ask, skip) = await asking.PrepareAsync(step, chain.Links[step.Index], run, HasOthers(plan, place), caller);
            if (ask is null)
            {
                run.Skipped(step, skip!);
            }
            else if (hedged is null && Hedging.After(policy.Hedge, run.Question.Intent.Name, views[step.Index]) is { } after
                && Hedging.Second(plan, place, views) is { } second)
            {
                (answered, var isHedged) = await hedging.AskAsync(ask, after, plan[second], chain.Links[plan[second].Index], run, caller);
                if (isHedged) hedged = second;
            }
            else
            {
                answered = run.Take(await asking.AskAsync(ask, run, run.Pieces, caller));
            }
            // Half an answer cannot be taken back, and another one cannot follow it.
            if (answered is null && (caller.IsCancellationRequested || run.Pieces is { HasBegun: true })) break;
        }
        return answered;
    }

    private static bool HasOthers(IReadOnlyList<RouteStep> plan, int place)
    {
        for (var other = place + 1; other < plan.Count; other++)
        {
            if (plan[other].Skip is null) return true;
        }
        return false;
    }

    private static RouteRequest Request(Question question, RoutingPolicy policy) => new(question.Intent.Capability)
    {
        Policy = policy,
        TextChars = question.Text.Length,
        InputTokens = Prices.MostInputTokens(question),
        OutputTokens = Prices.UsualOutputTokens,
        Draw = (ulong)Random.Shared.NextInt64(),
    };
}
