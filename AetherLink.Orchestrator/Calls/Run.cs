using AetherLink.Orchestrator.Governance.Budgets;
using AetherLink.Orchestrator.Intents;
using AetherLink.Orchestrator.Providers;
using AetherLink.Orchestrator.Settings;

namespace AetherLink.Orchestrator.Calls;

/// <summary>Who answered, and what.</summary>
internal sealed record Answered(string Provider, string Model, IntentResult Result);

/// <summary>A call under way.</summary>
internal sealed class Run(Question question, long started, TimeSpan time, BudgetLimits? budget, IPieceSink? pieces)
{
    private Cost _cost;

    public Question Question { get; } = question;

    public long Started { get; } = started;

    /// <summary>For the whole call, over all providers.</summary>
    public TimeSpan Time { get; } = time;

    public BudgetLimits? Budget { get; } = budget;

    public IPieceSink? Pieces { get; } = pieces;

    public List<Attempt> Attempts { get; } = [];

    public TimeSpan InProviders { get; private set; }

    public Usage Usage { get; private set; } = Usage.None;

    public TimeSpan Took(TimeSpan time)
    {
        InProviders += time;
        return time;
    }

    /// <summary>Also what a provider took for an answer that was none.</summary>
    public Cost Used(TokenUse tokens, TokenPrice price)
    {
        if (tokens == TokenUse.None) return default;
        var cost = Prices.Of(tokens, price);
        _cost += cost;
        Usage = new(Usage.InputTokens + tokens.Input, Usage.OutputTokens + tokens.Output, _cost.NanoUsd / 1e9);
        return cost;
    }

    public static double Ms(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
}
