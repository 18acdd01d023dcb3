using System.Globalization;

namespace AetherLink.Orchestrator.Routing;

/// <summary>What the router may know of a provider. <c>Unconfigured</c> says what is missing, or is null.</summary>
internal sealed record ProviderView(string Name, IReadOnlySet<string> Capabilities, string? Unconfigured, Breaker Circuit);

/// <summary>One line of a decision: try this provider, or skip it for this reason.</summary>
internal sealed record RouteStep(string Provider, string? SkipReason)
{
    public bool Try => SkipReason is null;
}

/// <summary>Decides who is asked, in which order, and says why not of everyone else. Pure.</summary>
internal static class Router
{
    public static IReadOnlyList<RouteStep> Plan(IReadOnlyList<ProviderView> chain, string capability, DateTimeOffset now) =>
        [.. chain.Select(p => new RouteStep(p.Name, WhyNot(p, capability, now)))];

    public static string? WhyNot(ProviderView provider, string capability, DateTimeOffset now)
    {
        if (!provider.Capabilities.Contains(capability)) return $"cannot {capability}";
        if (provider.Unconfigured is { } missing) return $"not configured: {missing}";
        return provider.Circuit.Admits(now) ? null : CircuitReason(provider.Circuit);
    }

    public static string CircuitReason(Breaker circuit) => circuit.Phase == CircuitPhase.HalfOpen
        ? "circuit half-open: a probe is under way"
        : string.Create(CultureInfo.InvariantCulture, $"circuit open until {circuit.OpenUntil.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");
}
