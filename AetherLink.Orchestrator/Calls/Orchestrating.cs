using AetherLink.Orchestrator.Providers;
using AetherLink.Orchestrator.Routing;
using AetherLink.Orchestrator.Settings;

namespace AetherLink.Orchestrator.Calls;

/// <summary>Goes down the chain until somebody answers. It waits for nobody while another is there.</summary>
internal sealed class Orchestrating(ProviderChains chains, TimeProvider clock, CallTelemetry telemetry, CircuitNews circuits, ILogger<Orchestrating> logger)
{
    public async Task<CallOutcome> RunAsync(Question question, IPieceSink? pieces, CancellationToken caller)
    {
        var chain = chains.Current;
        var run = new Run(clock.GetTimestamp(), chain.Settings.TotalTimeout, pieces);
        var plan = Router.Plan([.. chain.Links.Select(l => l.View())], question.Intent.Name, clock.GetUtcNow());
        CallOutcome? answered = null;
        foreach (var (step, link) in plan.Zip(chain.Links))
        {
            answered = await StepAsync(step, link, question, run, caller);
            // Half an answer cannot be taken back, and another one cannot follow it.
            if (answered is not null || caller.IsCancellationRequested || run.Pieces is { HasBegun: true }) break;
        }
        var outcome = (answered ?? Ended(caller.IsCancellationRequested ? Outcomes.Cancelled : Outcomes.Failed)) with
        {
            Attempts = run.Attempts,
            Order = chain.Order,
            BrokeOff = answered is null && pieces is { HasBegun: true },
        };
        var total = clock.GetElapsedTime(run.Started);
        outcome = outcome with { LatencyMs = Ms(total), OverheadMs = Ms(total - run.InProviders) };
        if (outcome.Outcome == Outcomes.Failed) Log.AllFailed(logger, question.Intent.Name, question.TenantId);
        telemetry.Called(question, outcome);
        return outcome;
    }

    private async Task<CallOutcome?> StepAsync(RouteStep step, ChainLink link, Question question, Run run, CancellationToken caller)
    {
        if (step.Skip is { } skip)
        {
            run.Attempts.Add(Attempt.Skipped(link.Name, skip));
            return null;
        }
        var left = run.Budget - clock.GetElapsedTime(run.Started);
        if (link.NeedsNetwork && left <= TimeSpan.Zero)
        {
            run.Attempts.Add(Attempt.Skipped(link.Name, new(Skip.NoTimeLeft, "the time for the whole call is spent")));
            return null;
        }
        if (link.Circuit.Enter(clock.GetUtcNow()) is not { } ticket)
        {
            run.Attempts.Add(Attempt.Skipped(link.Name, Skip.Circuit(link.Circuit.Snapshot())));
            return null;
        }
        // The local provider answers also when the others have used up the time: that is what it is there for.
        var limit = link.NeedsNetwork && left < link.Settings.Timeout ? left : link.Settings.Timeout;
        return await AskAsync(link, ticket, limit, question, run, caller);
    }

    private async Task<CallOutcome?> AskAsync(
        ChainLink link, long ticket, TimeSpan limit, Question question, Run run, CancellationToken caller)
    {
        var started = clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, caller);
        using var span = telemetry.StartAttempt(question, link);
        link.Stats.Started();
        var settled = false;
        try
        {
            var answer = await link.Provider!.AskAsync(question, run.Pieces, either.Token);
            var took = run.Took(clock.GetElapsedTime(started));
            circuits.Tell(link, link.Circuit.Succeeded(ticket));
            settled = true;
            link.Stats.Succeeded(took, clock.GetUtcNow());
            run.Attempts.Add(new(link.Name, Outcomes.Success, null, null, Ms(took)));
            telemetry.Answered(span, question, link, answer, took);
            return Ended(Outcomes.Success) with
            {
                Provider = link.Name,
                Model = answer.Model,
                Result = answer.Result,
                Usage = Cost(answer.Tokens, link.Settings.Price),
            };
        }
        catch (OperationCanceledException) when (caller.IsCancellationRequested)
        {
            var took = run.Took(clock.GetElapsedTime(started));
            run.Attempts.Add(new(link.Name, Outcomes.Cancelled, "the caller went away", null, Ms(took)));
            return null;
        }
#pragma warning disable CA1031 // Whatever a provider throws is its own failure, and the next one is asked.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var took = run.Took(clock.GetElapsedTime(started));
            var fault = Faults.Of(e, timeout.IsCancellationRequested, limit);
            if (fault is null)
            {
                Log.ProviderBroken(logger, e, link.Name);
                fault = new ProviderFault(FaultKind.InvalidAnswer, $"unexpected {e.GetType().Name}", inner: e);
            }
            circuits.Tell(link, link.Circuit.Failed(ticket, fault, clock.GetUtcNow()), fault);
            settled = true;
            link.Stats.Failed(took, clock.GetUtcNow(), $"{fault.Kind.Wire()}: {fault.Message}");
            run.Attempts.Add(Attempt.Failed(link.Name, fault, Ms(took)));
            telemetry.AttemptFailed(span, question, link, fault, took);
            Log.ProviderFailed(logger, link.Name, question.Intent.Name, Ms(took), fault.Kind.Wire(), fault.Message);
            return null;
        }
        finally
        {
            if (!settled) link.Circuit.Abandoned(ticket);
            link.Stats.Ended();
        }
    }

    private static CallOutcome Ended(string outcome) =>
        new() { Outcome = outcome, Attempts = [], Order = [], LatencyMs = 0, OverheadMs = 0 };

    private static Usage Cost(TokenUse tokens, TokenPrice price) => new(
        tokens.Input, tokens.Output,
        Math.Round((tokens.Input * price.InputUsdPerMillion + tokens.Output * price.OutputUsdPerMillion) / 1_000_000, 9));

    private static double Ms(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);

    private sealed class Run(long started, TimeSpan budget, IPieceSink? pieces)
    {
        public IPieceSink? Pieces { get; } = pieces;

        public long Started { get; } = started;

        public TimeSpan Budget { get; } = budget;

        public List<Attempt> Attempts { get; } = [];

        public TimeSpan InProviders { get; private set; }

        public TimeSpan Took(TimeSpan time)
        {
            InProviders += time;
            return time;
        }
    }
}
