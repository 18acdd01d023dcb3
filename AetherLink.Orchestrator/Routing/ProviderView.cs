namespace AetherLink.Orchestrator.Routing;

/// <summary>What the router may know of a provider. <c>Unconfigured</c> says what is missing, or is null.</summary>
internal sealed record ProviderView(string Name, IReadOnlySet<string> Capabilities, string? Unconfigured, Breaker Circuit)
{
    /// <summary>Ascending. Providers side by side in the chain with the same number are equals.</summary>
    public int Priority { get; init; } = 100;

    public int Weight { get; init; } = 1;

    public int InFlight { get; init; }

    public int? MaxInFlight { get; init; }

    public int? MaxTextChars { get; init; }

    public double? MaxLatencyMs { get; init; }

    public double InputUsdPerMillion { get; init; }

    public double OutputUsdPerMillion { get; init; }

    /// <summary>Asked when nobody else can be: it costs nothing, is always the quickest, and knows the least.</summary>
    public bool IsLastResort { get; init; }

    public Experience Experience { get; init; }
}

/// <summary>What a provider's last calls were like; null before the first.</summary>
internal readonly record struct Experience(double? TypicalMs, double? SlowMs, DateTimeOffset? LastAt, bool LastFailed)
{
    /// <summary>Older than this, an experience says nothing of today: it is time to make another.</summary>
    private static readonly TimeSpan Holds = TimeSpan.FromSeconds(30);

    public bool IsFresh(DateTimeOffset now) => LastAt is { } last && now - last < Holds;
}

/// <summary>A question, as the router sees it. <c>Draw</c> is what chance there is in its decision.</summary>
internal readonly record struct RouteRequest(string Capability)
{
    public RoutingPolicy Policy { get; init; } = RoutingPolicy.Standard;

    public int TextChars { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    public ulong Draw { get; init; }
}
