using AetherLink.Orchestrator.Providers;
using AetherLink.Orchestrator.Routing;

namespace AetherLink.Orchestrator.Calls;

/// <summary>Goes down the chain until somebody answers. It waits for nobody while another is there.</summary>
internal sealed class Orchestrating(ProviderChains chains, Asking asking, TimeProvider clock, CallTelemetry telemetry, ILogger<Orchestrating> logger)
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
        telemetry.Called(question, outcome);
        return outcome;
    }

    private async Task<Answered?> WalkAsync(ProviderChain chain, Run run, CancellationToken caller)
    {
        var views = new ProviderView[chain.Links.Count];
        for (var i = 0; i < views.Length; i++) views[i] = chain.Links[i].View();
        Answered? answered = null;
        foreach (var step in Router.Plan(views, Request(run.Question, chain.Settings.Routing), clock.GetUtcNow()))
        {
            if (answered is not null) run.Attempts.Add(Attempt.PassedOver(step));
            else answered = await asking.TryAsync(step, chain.Links[step.Index], run, caller);
            // Half an answer cannot be taken back, and another one cannot follow it.
            if (answered is null && (caller.IsCancellationRequested || run.Pieces is { HasBegun: true })) break;
        }
        return answered;
    }

    private static RouteRequest Request(Question question, RoutingSettings routing) => new(question.Intent.Capability)
    {
        Policy = routing.Of(question.TenantId),
        TextChars = question.Text.Length,
        InputTokens = Prices.MostInputTokens(question),
        OutputTokens = Prices.UsualOutputTokens,
        Draw = (ulong)Random.Shared.NextInt64(),
    };
}
