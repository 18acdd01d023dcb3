using AetherLink.Orchestrator.Providers;
using AetherLink.Orchestrator.Routing;

namespace AetherLink.Orchestrator.Calls;

/// <summary>
/// Asks a second provider beside a first that takes long. The first good answer wins, and the other is cancelled; both are
/// accounted. Of a stream, whoever writes the first piece has won: from then on nobody else may answer.
/// </summary>
internal sealed class HedgedAsking(Asking asking, TimeProvider clock)
{
    /// <param name="first">Whoever is asked now.</param>
    /// <param name="after">How long it is waited for alone.</param>
    /// <param name="step">The second one's.</param>
    /// <param name="link">The second one.</param>
    /// <param name="run">The call.</param>
    /// <param name="caller">The caller's leaving.</param>
    /// <returns>The answer, and whether it was the second one's turn: then it is not asked again.</returns>
    public async Task<(Answered? Answered, bool IsHedged)> AskAsync(
        Ask first, TimeSpan after, RouteStep step, ChainLink link, Run run, CancellationToken caller)
    {
        using var endFirst = CancellationTokenSource.CreateLinkedTokenSource(caller);
        using var endSecond = CancellationTokenSource.CreateLinkedTokenSource(caller);
        var race = run.Pieces is { } pieces ? new PieceRace(pieces) : null;
        var started = clock.GetTimestamp();
        var one = asking.AskAsync(first, run, race?.Lane(endFirst, endSecond), endFirst.Token);
        if (!await IsLateAsync(one, after) || race is { IsOver: true }) return (run.Take(await one), false);

        var (second, skip) = await asking.PrepareAsync(Beside(step, first, after), link, run, hasOthers: true, caller);
        if (second is not null && ((one.IsCompleted && (await one).Answered is not null) || race is { IsOver: true }))
        {
            Asking.Release(second);
            return (run.Take(await one), false);
        }
        if (second is null)
        {
            var alone = run.Take(await one);
            // What the first one held is free again: in its own place the second may well be asked.
            if (alone is null) return (null, false);
            run.Skipped(step, skip!);
            return (alone, true);
        }

        var two = asking.AskAsync(second, run, race?.Lane(endSecond, endFirst), endSecond.Token);
        var wins = await Task.WhenAny(one, two);
        Task<Asked> Other() => wins == one ? two : one;
        if ((await wins).Answered is null) wins = Other();
        // Whoever began a stream has cancelled the other, and may have failed before that one noticed.
        if ((await wins).Attempt.Outcome == Outcomes.Cancelled) wins = Other();
        var winner = await wins;
        var waited = clock.GetElapsedTime(started);
        await (wins == one ? endSecond : endFirst).CancelAsync();
        var loser = Beaten(await Other(), winner, caller);
        run.Take(wins == one ? winner : loser, waited);
        run.Take(wins == one ? loser : winner, TimeSpan.Zero);
        return (winner.Answered, true);
    }

    private async Task<bool> IsLateAsync(Task first, TimeSpan after)
    {
        using var patience = new CancellationTokenSource();
        var late = Task.Delay(after, clock, patience.Token);
        var isLate = await Task.WhenAny(first, late) == late;
        await patience.CancelAsync();
        return isLate;
    }

    private static RouteStep Beside(RouteStep step, Ask first, TimeSpan after) =>
        step with { Why = FormattableString.Invariant($"beside {first.Link.Name}, which had not answered after {after.TotalMilliseconds:0} ms; {step.Why}") };

    /// <summary>It may have answered as well, a moment later.</summary>
    private static Asked Beaten(Asked loser, Asked winner, CancellationToken caller)
    {
        if (loser.Attempt.Outcome == Outcomes.Failed || (loser.Answered is null && caller.IsCancellationRequested)) return loser;
        return loser with
        {
            Answered = null,
            Attempt = loser.Attempt with { Outcome = Outcomes.Cancelled, Error = $"{winner.Attempt.Provider} was quicker" },
        };
    }
}
