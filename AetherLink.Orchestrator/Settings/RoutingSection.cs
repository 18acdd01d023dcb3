using AetherLink.Orchestrator.Intents;
using AetherLink.Orchestrator.Routing;

namespace AetherLink.Orchestrator.Settings;

/// <summary>Reads <c>routing</c>: the policy of everybody, and of single tenants.</summary>
internal static class RoutingSection
{
    private static readonly Dictionary<string, RoutingStrategy> Strategies = new(StringComparer.Ordinal)
    {
        ["priority"] = RoutingStrategy.Priority,
        ["weighted"] = RoutingStrategy.Weighted,
        ["least_latency"] = RoutingStrategy.LeastLatency,
        ["least_cost"] = RoutingStrategy.LeastCost,
        ["split"] = RoutingStrategy.Split,
    };

    public static RoutingSettings Read(YamlFields? fields, IReadOnlyCollection<string> providers, IntentCatalog intents)
    {
        if (fields is null) return new();
        var standard = ReadPolicy(fields, providers, intents);
        var tenants = fields.Mappings("tenants").ToDictionary(
            tenant => tenant.Name,
            tenant =>
            {
                var policy = ReadPolicy(tenant.Fields, providers, intents);
                tenant.Fields.NothingElse();
                return policy;
            },
            StringComparer.Ordinal);
        fields.NothingElse();
        return new() { Standard = standard, Tenants = tenants };
    }

    private static RoutingPolicy ReadPolicy(YamlFields fields, IReadOnlyCollection<string> providers, IntentCatalog intents)
    {
        var strategy = RoutingStrategy.Priority;
        if (fields.Text("strategy") is { } text && !Strategies.TryGetValue(text, out strategy))
            fields.Fault("strategy", $"must be one of {string.Join(", ", Strategies.Keys)}, not '{text}'");
        var split = ReadSplit(fields, providers);
        if (strategy == RoutingStrategy.Split != split.Count > 0 && (strategy == RoutingStrategy.Split || fields.Has("split")))
            fields.Fault("split", "belongs to strategy split, and each of the two needs the other");
        return new()
        {
            Strategy = strategy,
            Split = split,
            ExplorePercent = fields.Whole("explore_percent", RoutingPolicy.Standard.ExplorePercent, 0, 50, " %"),
            Hedge = ReadHedge(fields.Mapping("hedge"), intents),
        };
    }

    private static HedgePolicy? ReadHedge(YamlFields? fields, IntentCatalog intents)
    {
        if (fields is null) return null;
        if (fields.Has("after_ms") == fields.Has("after")) fields.Fault("after_ms", "or after: p95 must be given, and only one of them");
        if (fields.Text("after") is { } after && after != "p95") fields.Fault("after", $"must be p95, not '{after}'");
        var milliseconds = fields.Whole("after_ms", 0, (int)Hedging.Least.TotalMilliseconds, 60_000, " ms");
        var named = fields.Texts("intents");
        foreach (var (text, node) in named.Where(one => intents.Find(one.Text) is null))
            fields.Fault(node, $"intent '{text}' is not known; known: {string.Join(", ", intents.Names)}");
        if (fields.Has("intents") && named.Count == 0) fields.Fault("intents", "must name at least one; without them it holds for all");
        fields.NothingElse();
        return new(fields.Has("after_ms") ? TimeSpan.FromMilliseconds(milliseconds) : null) { Intents = [.. named.Select(one => intents.Find(one.Text)?.Name ?? one.Text)] };
    }

    private static List<SplitShare> ReadSplit(YamlFields fields, IReadOnlyCollection<string> providers)
    {
        if (fields.Mapping("split") is not { } shares) return [];
        var split = shares.Names.Select(name => new SplitShare(name, shares.Whole(name, 0, 0, 100, " %"))).ToList();
        foreach (var stranger in split.Where(share => !providers.Contains(share.Provider)))
            shares.Fault(stranger.Provider, $"is no provider of the file; known: {string.Join(", ", providers)}");
        if (split.Sum(share => share.Percent) != 100) fields.Fault("split", $"must add up to 100 %, not to {split.Sum(share => share.Percent)}");
        return split;
    }
}
