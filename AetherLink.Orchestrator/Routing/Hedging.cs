namespace AetherLink.Orchestrator.Routing;

/// <summary>
/// When a second provider is asked beside the first (J. Dean and L. A. Barroso, The Tail at Scale, "hedged requests"). <c>After</c> is
/// null where it is what the first one's slowest twentieth takes; no intents are all of them.
/// </summary>
internal sealed record HedgePolicy(TimeSpan? After)
{
    public IReadOnlyList<string> Intents { get; init; } = [];
}

/// <summary>Decides whether a call is hedged, after how long, and by whom. Pure.</summary>
internal static class Hedging
{
    /// <summary>In less the second would be asked at almost every call, and a timer is not that exact.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromMilliseconds(5);

    /// <summary>How long the first one is waited for alone; null when nobody else is to be asked beside it.</summary>
    public static TimeSpan? After(HedgePolicy? policy, string intent, ProviderView first)
    {
        if (policy is null || first.IsLastResort) return null;
        if (policy.Intents.Count > 0 && !policy.Intents.Contains(intent, StringComparer.Ordinal)) return null;
        var after = policy.After ?? (first.Experience.SlowMs is { } slow ? TimeSpan.FromMilliseconds(slow) : null);
        return after is { } time && time < Least ? Least : after;
    }

    /// <summary>
    /// Whose place in the plan is the next after the first's that can be asked. A last resort is none: it would answer at once, and
    /// every slow answer would become one by rule of thumb.
    /// </summary>
    public static int? Second(IReadOnlyList<RouteStep> plan, int first, IReadOnlyList<ProviderView> chain)
    {
        for (var place = first + 1; place < plan.Count; place++)
        {
            if (plan[place].Skip is null && !chain[plan[place].Index].IsLastResort) return place;
        }
        return null;
    }
}
