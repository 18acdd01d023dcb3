using System.Globalization;

namespace AetherLink.Orchestrator.Routing;

/// <summary>A place in the order, and the words for it.</summary>
internal readonly record struct Ranked(int Index, string Why);

/// <summary>
/// Puts the providers of a chain in order by a policy, whether or not they can be asked. Whoever is slower than its own bound
/// goes behind those that are not, and a last resort behind everybody, unless the file puts it before somebody by priority.
/// </summary>
internal static class Ranking
{
    public static IReadOnlyList<Ranked> Order(IReadOnlyList<ProviderView> chain, RouteRequest request, DateTimeOffset now)
    {
        var keys = new Key[chain.Count];
        var group = 0;
        for (var i = 0; i < keys.Length; i++)
        {
            // Side by side and of the same priority: equals. PROVIDER_ORDER may have torn them apart.
            if (i > 0 && chain[i].Priority != chain[i - 1].Priority) group++;
            keys[i] = new(i, group, chain[i], now, Cost(chain[i], request));
        }
        switch (request.Policy.Strategy)
        {
            case RoutingStrategy.Weighted: ByWeight(keys, request.Draw); break;
            case RoutingStrategy.LeastLatency: ByLatency(keys, request); break;
            case RoutingStrategy.LeastCost: ByCost(keys); break;
            case RoutingStrategy.Split: BySplit(keys, request); break;
            default: return ByPriority(keys);
        }
        Array.Sort(keys, (a, b) => Compare(a, b));
        return Words(keys);
    }

    /// <summary>US dollars, at what the call may take at most.</summary>
    private static double Cost(ProviderView provider, RouteRequest request) =>
        (request.InputTokens * provider.InputUsdPerMillion + request.OutputTokens * provider.OutputUsdPerMillion) / 1_000_000;

    private static Ranked[] ByPriority(Key[] keys)
    {
        foreach (ref var key in keys.AsSpan())
            key.Why = Text($"priority {key.Provider.Priority}");
        Array.Sort(keys, (a, b) => a.Group != b.Group ? a.Group.CompareTo(b.Group) : AmongEquals(a, b));
        // Whoever is too slow goes behind the rest, though not behind a last resort: better slow than by rule of thumb.
        for (var i = keys.Length - 1; i >= 0; i--)
        {
            if (!keys[i].IsSlow) continue;
            for (var j = i; j + 1 < keys.Length && !keys[j + 1].IsSlow && !keys[j + 1].Provider.IsLastResort; j++)
                (keys[j], keys[j + 1]) = (keys[j + 1], keys[j]);
        }
        return Words(keys);
    }

    private static void ByWeight(Key[] keys, ulong draw)
    {
        // Efraimidis and Spirakis, weighted sampling without replacement: sort by -ln(u)/w.
        for (var i = 0; i < keys.Length; i++)
        {
            var weight = keys[i].Provider.Weight;
            keys[i].Sort = weight > 0 ? -Math.Log(Chance.Of(draw, i)) / weight : double.PositiveInfinity;
            keys[i].Why = Text($"drawn by weight {weight}");
        }
    }

    private static void ByLatency(Key[] keys, RouteRequest request)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            // Unknown is tried before known: it has to become known.
            keys[i].Sort = keys[i].Provider.Experience.TypicalMs ?? -1;
            keys[i].Why = keys[i].Provider.Experience.TypicalMs is { } ms ? Text($"typically {ms:0} ms") : "latency not known yet";
        }
        if (Chance.Of(request.Draw, keys.Length) * 100 >= request.Policy.ExplorePercent) return;
        var chosen = -1;
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i].Provider.IsLastResort || Router.WhyNot(keys[i].Provider, request, keys[i].Now) is not null) continue;
            if (chosen < 0 || LastAt(keys[i]) < LastAt(keys[chosen])) chosen = i;
        }
        if (chosen < 0) return;
        keys[chosen].Sort = -2;
        keys[chosen].IsSlow = false;
        keys[chosen].Why = "not asked for longest, to learn how quick it is";
    }

    private static void ByCost(Key[] keys)
    {
        foreach (ref var key in keys.AsSpan())
        {
            key.Sort = key.Cost;
            key.Why = Text($"costs at most {key.Cost:0.######} USD");
        }
    }

    private static void BySplit(Key[] keys, RouteRequest request)
    {
        var split = request.Policy.Split;
        var drawn = Chance.Of(request.Draw, 0) * 100;
        string? first = null;
        foreach (var share in split)
        {
            first = share.Provider;
            if ((drawn -= share.Percent) < 0) break;
        }
        foreach (ref var key in keys.AsSpan())
        {
            var name = key.Provider.Name;
            var share = Share(split, name);
            key.Sort = name == first ? 0 : share is null ? 2 : 1;
            key.Why = share is null ? "not in the split" : Text($"{(name == first ? "drawn for" : "behind")} {share} % of a split");
        }
    }

    private static int? Share(IReadOnlyList<SplitShare> split, string name)
    {
        foreach (var share in split)
        {
            if (share.Provider == name) return share.Percent;
        }
        return null;
    }

    private static int Compare(in Key a, in Key b)
    {
        if (a.Provider.IsLastResort != b.Provider.IsLastResort) return a.Provider.IsLastResort ? 1 : -1;
        if (a.IsSlow != b.IsSlow) return a.IsSlow ? 1 : -1;
        if (a.Sort != b.Sort) return a.Sort.CompareTo(b.Sort);
        return a.Group != b.Group ? a.Group.CompareTo(b.Group) : AmongEquals(a, b);
    }

    /// <summary>Health, load, latency, cost, and at last the order of the file.</summary>
    private static int AmongEquals(in Key a, in Key b)
    {
        if (a.Provider.IsLastResort != b.Provider.IsLastResort) return a.Provider.IsLastResort ? 1 : -1;
        if (a.IsFailing != b.IsFailing) return a.IsFailing ? 1 : -1;
        if (a.Provider.InFlight != b.Provider.InFlight) return a.Provider.InFlight.CompareTo(b.Provider.InFlight);
        var latency = (a.Provider.Experience.TypicalMs ?? 0).CompareTo(b.Provider.Experience.TypicalMs ?? 0);
        if (latency != 0) return latency;
        return a.Cost != b.Cost ? a.Cost.CompareTo(b.Cost) : a.Index.CompareTo(b.Index);
    }

    private static Ranked[] Words(Key[] keys) => Array.ConvertAll(keys, key => new Ranked(key.Index, key switch
    {
        { IsSlow: true, Provider: var slow } => Text($"{key.Why}; behind those that are quicker than their bound: {slow.Experience.SlowMs:0} ms, over {slow.MaxLatencyMs:0}"),
        { IsFailing: true } => $"{key.Why}; its last call failed",
        _ => key.Why,
    }));

    private static DateTimeOffset LastAt(Key key) => key.Provider.Experience.LastAt ?? DateTimeOffset.MinValue;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private struct Key(int index, int group, ProviderView provider, DateTimeOffset now, double cost)
    {
        public readonly int Index = index;
        public readonly int Group = group;
        public readonly ProviderView Provider = provider;
        public readonly DateTimeOffset Now = now;
        public readonly double Cost = cost;
        public readonly bool IsFailing = provider.Experience.LastFailed && provider.Experience.IsFresh(now);
        public bool IsSlow = provider.Experience.SlowMs > provider.MaxLatencyMs && provider.Experience.IsFresh(now);
        public double Sort = 0;
        public string Why = "";
    }
}
