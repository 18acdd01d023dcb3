using System.Globalization;

namespace AetherLink.Orchestrator.Routing;

/// <summary>Why a provider is not asked: its class, for counting, and the words for a person.</summary>
internal sealed record Skip(string Class, string Reason)
{
    public const string Unsupported = "unsupported";
    public const string Unconfigured = "unconfigured";
    public const string CircuitOpen = "circuit_open";
    public const string NoTimeLeft = "no_time_left";
    public const string Saturated = "saturated";
    public const string TextTooLong = "text_too_long";

    /// <summary>Its worst price is beyond what is left of the tenant's budget.</summary>
    public const string OverBudget = "over_budget";

    /// <summary>What is left of the tenant's budget is not known here, and cannot be asked.</summary>
    public const string BudgetUnknown = "budget_unknown";

    /// <summary>It would cover it, but for what other calls hold of it that are under way, here or at another replica.</summary>
    public const string BudgetHeld = "budget_held";

    /// <summary>What is left of the tenant's budget was not said yet: the first call of a tenant whom nobody expected.</summary>
    public const string BudgetPending = "budget_pending";

    public static Skip Full(int inFlight, int? most) =>
        new(Saturated, string.Create(CultureInfo.InvariantCulture, $"has {inFlight} of {most} calls in flight"));

    public static Skip Circuit(Breaker circuit) => new(CircuitOpen, circuit.Phase == CircuitPhase.HalfOpen
        ? "circuit half-open: a probe is under way"
        : string.Create(CultureInfo.InvariantCulture, $"circuit open until {circuit.OpenUntil.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}"));
}

/// <summary>One line of a decision: try this provider, or skip it. <c>Index</c> is its place in the chain.</summary>
internal sealed record RouteStep(int Index, string Provider, string Why, Skip? Skip);

/// <summary>Decides who is asked, in which order, and says why, and why not of everyone else. Pure.</summary>
internal static class Router
{
    public static IReadOnlyList<RouteStep> Plan(IReadOnlyList<ProviderView> chain, RouteRequest request, DateTimeOffset now)
    {
        var steps = new RouteStep[chain.Count];
        var place = 0;
        foreach (var ranked in Ranking.Order(chain, request, now))
        {
            var provider = chain[ranked.Index];
            steps[place++] = new(ranked.Index, provider.Name, ranked.Why, WhyNot(provider, request, now));
        }
        return steps;
    }

    public static Skip? WhyNot(ProviderView provider, RouteRequest request, DateTimeOffset now)
    {
        if (!provider.Capabilities.Contains(request.Capability)) return new(Skip.Unsupported, $"cannot {request.Capability}");
        if (provider.Unconfigured is { } missing) return new(Skip.Unconfigured, $"not configured: {missing}");
        if (request.TextChars > provider.MaxTextChars)
            return new(Skip.TextTooLong, string.Create(CultureInfo.InvariantCulture, $"takes {provider.MaxTextChars} characters, and the text has {request.TextChars}"));
        if (!provider.Circuit.Admits(now)) return Skip.Circuit(provider.Circuit);
        return provider.InFlight >= provider.MaxInFlight ? Skip.Full(provider.InFlight, provider.MaxInFlight) : null;
    }
}
