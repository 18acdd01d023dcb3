using AetherLink.Orchestrator.Governance.Budgets;
using AetherLink.Orchestrator.Intents;
using AetherLink.Orchestrator.Providers;
using AetherLink.Orchestrator.Routing;

namespace AetherLink.Orchestrator.Calls;

/// <summary>Who answered, and what.</summary>
internal sealed record Answered(string Provider, string Model, IntentResult Result, bool IsMakeshift);

/// <summary>A call under way.</summary>
internal sealed class Run(Question question, long started, TimeSpan time, BudgetLimits? budget, IPieceSink? pieces)
{
    private Cost _cost;

    public Question Question { get; } = question;

    public long Started { get; } = started;

    public BudgetLimits? Budget { get; } = budget;

    public IPieceSink? Pieces { get; } = pieces;

    public List<Attempt> Attempts { get; } = [];

    public TimeSpan InProviders { get; private set; }

    public Usage Usage { get; private set; } = Usage.None;

    /// <summary>Of what the whole call may take, over all providers.</summary>
    public TimeSpan TimeLeft(TimeProvider clock) => time - clock.GetElapsedTime(Started);

    public void Skipped(RouteStep step, Skip skip) => Attempts.Add(Attempt.Skipped(step, skip));

    public Answered? Take(Asked asked) => Take(asked, asked.Took);

    /// <param name="asked">Who was asked.</param>
    /// <param name="waited">How long for nobody else: two that are asked at once take the time of one.</param>
    public Answered? Take(Asked asked, TimeSpan waited)
    {
        InProviders += waited;
        if (asked.Tokens == TokenUse.None)
        {
            Attempts.Add(asked.Attempt);
            return asked.Answered;
        }
        _cost += asked.Cost;
        Usage = new(Usage.InputTokens + asked.Tokens.Input, Usage.OutputTokens + asked.Tokens.Output, _cost.NanoUsd / 1e9);
        // Of who answered it is the call's, without that of the others.
        Attempts.Add(asked.Answered is not null ? asked.Attempt : asked.Attempt with
        {
            Usage = new(asked.Tokens.Input, asked.Tokens.Output, asked.Cost.NanoUsd / 1e9),
        });
        return asked.Answered;
    }

    public static double Ms(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
}
