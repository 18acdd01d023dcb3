using AetherLink.Orchestrator.Governance;
using AetherLink.Orchestrator.Governance.Budgets;
using AetherLink.Orchestrator.Routing;
using AetherLink.Orchestrator.Settings;

namespace AetherLink.Tests.Orchestrator;

/// <summary>The sections of the providers file on routing, budgets, rates and the cache.</summary>
public sealed class GovernanceFileTests
{
    private const string Providers = """
        version: 1
        providers:
          - {name: a, type: local, capabilities: [extract]}
          - {name: b, type: local, capabilities: [extract]}

        """;

    [Fact]
    public void Sections_are_read_with_what_tenants_have_of_their_own()
    {
        var settings = Read("""
            routing:
              strategy: least_latency
              explore_percent: 10
              hedge: {after: p95, intents: [extract]}
              tenants:
                acme: {strategy: split, split: {a: 90, b: 10}, hedge: {after_ms: 250}}
            budgets:
              default: {usd: 0.5, period: day}
              tenants:
                acme: {tokens: 1000000}
            rates:
              default: {per_second: 20}
              tenants: {acme: {per_second: 0.5, burst: 3}}
            cache: {ttl_seconds: 300}
            """);

        Assert.Equal((RoutingStrategy.LeastLatency, 10), (settings.Routing.Of("x").Strategy, settings.Routing.Of("x").ExplorePercent));
        Assert.Equal([new SplitShare("a", 90), new SplitShare("b", 10)], settings.Routing.Of("acme").Split);
        Assert.Equal((null, "extract-lead"), (settings.Routing.Of("x").Hedge!.After, string.Join(' ', settings.Routing.Of("x").Hedge!.Intents)));
        Assert.Equal((TimeSpan.FromMilliseconds(250), 0), (settings.Routing.Of("acme").Hedge!.After, settings.Routing.Of("acme").Hedge!.Intents.Count));
        Assert.Equal(new BudgetLimits(500_000_000, null, BudgetPeriod.Day), settings.Governance.Budgets.Of("x"));
        Assert.Equal(new BudgetLimits(null, 1_000_000, BudgetPeriod.Month), settings.Governance.Budgets.Of("acme"));
        Assert.Equal((new RateLimit(20, 20), new RateLimit(0.5, 3)), (settings.Governance.Rates.Of("x"), settings.Governance.Rates.Of("acme")));
        Assert.Equal(new CacheSettings(TimeSpan.FromMinutes(5), 1_000), settings.Governance.Cache);
    }

    [Fact]
    public void Nothing_is_governed_by_default()
    {
        var settings = Read("");

        Assert.Equal(RoutingStrategy.Priority, settings.Routing.Of("x").Strategy);
        Assert.Null(settings.Routing.Of("x").Hedge);
        Assert.Null(settings.Governance.Budgets.Of("x"));
        Assert.Null(settings.Governance.Rates.Of("x"));
        Assert.Null(settings.Governance.Cache);
    }

    [Fact]
    public void Every_fault_is_named_with_its_line()
    {
        var faults = Assert.Throws<SettingsException>(() => Read("""
            routing:
              strategy: fastest
              split: {a: 50, z: 40}
              tenants:
                acme: {strategy: split}
            budgets:
              default: {period: week}
              tenants: {acme: {usd: -1}}
            rates:
              default: {burst: 3}
            cache: {max_entries: 5, ttl: 3}
            """)).Faults;

        Assert.Equal(
            [
                "line 6: routing.strategy must be one of priority, weighted, least_latency, least_cost, split, not 'fastest'",
                "line 7: routing.split belongs to strategy split, and each of the two needs the other",
                "line 7: routing.split must add up to 100 %, not to 90",
                "line 7: routing.split.z is no provider of the file; known: a, b",
                "line 9: routing.tenants.acme.split belongs to strategy split, and each of the two needs the other",
                "line 11: budgets.default.period must be day or month, not 'week'",
                "line 11: budgets.default.usd or tokens must be given",
                "line 12: budgets.tenants.acme.usd must be a number from 0 to 1000000, not '-1'",
                "line 14: rates.default.per_second is missing",
                "line 15: cache.ttl: ",
                "line 15: cache.ttl_seconds is missing",
            ],
            faults.Select(f => f.ToString()).Select(f => f.StartsWith("line 15: cache.ttl ", StringComparison.Ordinal) ? "line 15: cache.ttl: " : f)
                .OrderBy(f => int.Parse(f.Split(' ')[1].TrimEnd(':'), System.Globalization.CultureInfo.InvariantCulture)).ThenBy(f => f, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_fault_of_a_hedge_is_named_with_its_line()
    {
        var faults = Assert.Throws<SettingsException>(() => Read("""
            routing:
              hedge: {after: p99, intents: [dance]}
              tenants:
                a:
                  hedge: {after_ms: 1, after: p95}
                b:
                  hedge: {intents: [], before: 3}
            """)).Faults;

        Assert.Equal(
            [
                "line 6: routing.hedge.after must be p95, not 'p99'",
                "line 6: routing.hedge.intent 'dance' is not known; known: extract-lead, extract, summarize-activity, summarize, classify-intent, route",
                "line 9: routing.tenants.a.hedge.after_ms must be a whole number from 5 to 60000 ms, not '1'",
                "line 9: routing.tenants.a.hedge.after_ms or after: p95 must be given, and only one of them",
                "line 11: routing.tenants.b.hedge.after_ms or after: p95 must be given, and only one of them",
                "line 11: routing.tenants.b.hedge.before is not known here; known: after, after_ms, intents",
                "line 11: routing.tenants.b.hedge.intents must name at least one; without them it holds for all",
            ],
            faults.OrderBy(f => f.Line).ThenBy(f => f.Message, StringComparer.Ordinal).Select(f => f.ToString()));
    }

    private static ChainSettings Read(string sections) => ProvidersFile.Read(Providers + sections, "x.yaml");
}
