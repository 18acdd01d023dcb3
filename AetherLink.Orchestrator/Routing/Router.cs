using System.Globalization;

namespace AetherLink.Orchestrator.Routing;

/// <summary>What the router may know of a provider. <c>Unconfigured</c> says what is missing, or is null.</summary>
internal sealed record ProviderView(string Name, IReadOnlySet<string> Capabilities, string? Unconfigured, Breaker Circuit);

/// <summary>Why a provider is not asked: its class, for counting, and the words for a person.</summary>
internal sealed record Skip(string Class, string Reason)
{
    public const string Unsupported = "unsupported";
    public const string Unconfigured = "unconfigured";
    public const string CircuitOpen = "circuit_open";
    public const string NoTimeLeft = "no_time_left";

    public static Skip Circuit(Breaker circuit) => new(CircuitOpen, circuit.Phase == CircuitPhase.HalfOpen
        ? "circuit half-open: a probe is under way"
        : string.Create(CultureInfo.InvariantCulture, $"circuit open until {circuit.OpenUntil.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}"));
}

/// <summary>One line of a decision: try this provider, or skip it.</summary>
internal sealed record RouteStep(string Provider, Skip? Skip);

/// <summary>Decides who is asked, in which order, and says why not of everyone else. Pure.</summary>
internal static class Router
{
    public static IReadOnlyList<RouteStep> Plan(IReadOnlyList<ProviderView> chain, string capability, DateTimeOffset now) =>
        [.. chain.Select(p => new RouteStep(p.Name, WhyNot(p, capability, now)))];

    public static Skip? WhyNot(ProviderView provider, string capability, DateTimeOffset now)
    {
        if (!provider.Capabilities.Contains(capability)) return new(Skip.Unsupported, $"cannot {capability}");
        if (provider.Unconfigured is { } missing) return new(Skip.Unconfigured, $"not configured: {missing}");
        return provider.Circuit.Admits(now) ? null : Skip.Circuit(provider.Circuit);
    }
}
