namespace AetherLink.Orchestrator.Routing;

/// <summary>By what the providers that can answer are put in order.</summary>
internal enum RoutingStrategy
{
    /// <summary>By the file's priorities; equals by health, load, latency and cost.</summary>
    Priority,

    /// <summary>By chance, in proportion to their weights.</summary>
    Weighted,

    LeastLatency,

    LeastCost,

    /// <summary>A percentage of the calls to each of some, for comparing them.</summary>
    Split,
}

/// <summary>The percentage of the calls for which a provider is the first choice.</summary>
internal sealed record SplitShare(string Provider, int Percent);

/// <summary>How one tenant's calls are routed.</summary>
internal sealed record RoutingPolicy
{
    public static RoutingPolicy Standard { get; } = new();

    public RoutingStrategy Strategy { get; init; } = RoutingStrategy.Priority;

    /// <summary>Adds up to 100; empty unless the strategy is a split.</summary>
    public IReadOnlyList<SplitShare> Split { get; init; } = [];

    /// <summary>So many calls of a hundred go to whoever was not asked for longest: a latency that nobody measures any more stays bad for ever.</summary>
    public int ExplorePercent { get; init; } = 5;

    /// <summary>Null: nobody is asked beside another.</summary>
    public HedgePolicy? Hedge { get; init; }
}

/// <summary>The policy of everybody, and those of single tenants.</summary>
internal sealed record RoutingSettings
{
    public RoutingPolicy Standard { get; init; } = RoutingPolicy.Standard;

    public IReadOnlyDictionary<string, RoutingPolicy> Tenants { get; init; } = new Dictionary<string, RoutingPolicy>(StringComparer.Ordinal);

    public RoutingPolicy Of(string tenant) => Tenants.GetValueOrDefault(tenant, Standard);
}
