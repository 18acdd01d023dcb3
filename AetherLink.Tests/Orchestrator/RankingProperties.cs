using AetherLink.Orchestrator.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.Orchestrator;

/// <summary>What every strategy keeps to, and what each is for.</summary>
public sealed class RankingProperties
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 4, 0, 0, TimeSpan.Zero);
    private static readonly HashSet<string> Capabilities = ["extract-lead"];

    private static readonly Gen<ProviderView[]> Chains =
        from size in Gen.Choose(1, 8)
        from providers in Provider.ArrayOf(size)
        select providers.OrderBy(p => p.Priority).Select((p, i) => p with { Name = $"p{i}" }).ToArray();

    private static Gen<ProviderView> Provider =>
        from priority in Gen.Elements(1, 2, 2, 3)
        from weight in Gen.Choose(0, 5)
        from inFlight in Gen.Choose(0, 3)
        from most in Gen.Elements<int?>(null, 2)
        from typical in Gen.Elements<double?>(null, 5, 50, 500)
        from slow in Gen.Elements<double?>(null, 80, 900)
        from bound in Gen.Elements<double?>(null, 100)
        from age in Gen.Elements(1, 60)
        from failed in Gen.Elements(true, false, false)
        from price in Gen.Elements(0.0, 1, 2)
        from last in Gen.Elements(true, false, false, false)
        select new ProviderView("", Capabilities, null, Breaker.Closed)
        {
            Priority = priority,
            Weight = weight,
            InFlight = inFlight,
            MaxInFlight = most,
            MaxLatencyMs = bound,
            InputUsdPerMillion = price,
            IsLastResort = last,
            Experience = new(typical, slow, Now.AddSeconds(-age), failed),
        };

    private static readonly Gen<(ProviderView[] Chain, RouteRequest Request)> Questions =
        from chain in Chains
        from strategy in Gen.Elements(Enum.GetValues<RoutingStrategy>())
        from draw in Gen.Choose(0, int.MaxValue)
        let split = new List<SplitShare> { new("p0", 30), new("p1", 70) }
        select (chain, Request(strategy, (ulong)draw) with { Policy = new() { Strategy = strategy, Split = strategy == RoutingStrategy.Split ? split : [] } });

    [Fact]
    public void Every_plan_has_each_provider_once_with_its_reason_and_is_the_same_for_the_same_draw() =>
        Hold(question =>
        {
            var plan = Router.Plan(question.Chain, question.Request, Now);

            Assert.Equal(question.Chain.Select(p => p.Name).Order(), plan.Select(s => s.Provider).Order());
            Assert.All(plan, s => Assert.Equal(question.Chain[s.Index].Name, s.Provider));
            Assert.All(plan, s => Assert.NotEmpty(s.Why));
            Assert.Equal(plan, Router.Plan(question.Chain, question.Request, Now));
        });

    [Fact]
    public void Only_whoever_has_room_is_asked() =>
        Hold(question => Assert.All(
            Router.Plan(question.Chain, question.Request, Now),
            s => Assert.Equal(question.Chain[s.Index].InFlight >= question.Chain[s.Index].MaxInFlight, s.Skip is { Class: Skip.Saturated })));

    [Fact]
    public void Last_resort_is_behind_everybody_unless_priorities_decide() =>
        Hold(question =>
        {
            var plan = Router.Plan(question.Chain, question.Request, Now).Select(s => question.Chain[s.Index]).ToList();
            for (var i = 0; i + 1 < plan.Count; i++)
            {
                if (!plan[i].IsLastResort || plan[i + 1].IsLastResort) continue;
                Assert.Equal(RoutingStrategy.Priority, question.Request.Policy.Strategy);
                Assert.True(plan[i].Priority < plan[i + 1].Priority || IsSlow(plan[i + 1]));
            }
        });

    [Fact]
    public void Whoever_is_over_its_latency_bound_is_behind_those_that_are_not() =>
        Hold(question =>
        {
            var plan = Router.Plan(question.Chain, question.Request, Now);
            var explored = plan.Where(s => s.Why.StartsWith("not asked for longest", StringComparison.Ordinal)).Select(s => s.Index).ToHashSet();
            var places = plan.Select((s, place) => (Provider: question.Chain[s.Index], s.Index, place))
                .Where(p => !p.Provider.IsLastResort && !explored.Contains(p.Index)).ToList();
            // A last resort that the file puts first does not let those behind it by; among themselves the bound decides.
            if (question.Request.Policy.Strategy == RoutingStrategy.Priority && question.Chain.Any(p => p.IsLastResort)) return;
            Assert.DoesNotContain(places, slow => IsSlow(slow.Provider) && places.Any(other => !IsSlow(other.Provider) && other.place > slow.place));
        });

    [Fact]
    public void Priorities_come_first_and_among_equals_health_load_latency_and_cost_in_this_order() =>
        Hold(question =>
        {
            var plan = Router.Plan(question.Chain, Request(RoutingStrategy.Priority), Now)
                .Select(s => question.Chain[s.Index]).Where(p => !IsSlow(p)).ToList();
            Assert.Equal(
                plan.OrderBy(p => p.Priority).ThenBy(p => p.IsLastResort).ThenBy(IsFailing).ThenBy(p => p.InFlight)
                    .ThenBy(p => p.Experience.TypicalMs ?? 0).ThenBy(p => p.InputUsdPerMillion).ThenBy(p => p.Name).Select(p => p.Name),
                plan.Select(p => p.Name));
        });

    [Fact]
    public void Cheapest_is_first_by_cost_and_quickest_by_latency()
    {
        ProviderView[] chain =
        [
            Of("dear", typical: 10, price: 5), Of("cheap", typical: 300, price: 1), Of("new", typical: null, price: 3),
            Of("local", typical: 0.1, price: 0) with { IsLastResort = true },
        ];

        Assert.Equal(["cheap", "new", "dear", "local"], Names(chain, Request(RoutingStrategy.LeastCost)));
        Assert.Equal(["new", "dear", "cheap", "local"], Names(chain, Request(RoutingStrategy.LeastLatency) with
        {
            Policy = new() { Strategy = RoutingStrategy.LeastLatency, ExplorePercent = 0 },
        }));
    }

    [Fact]
    public void Weights_and_percentages_are_kept_over_many_calls()
    {
        ProviderView[] chain = [Of("a", 1, 1) with { Weight = 3 }, Of("b", 1, 1) with { Weight = 1 }, Of("c", 1, 1) with { Weight = 0 }];
        var split = new RoutingPolicy { Strategy = RoutingStrategy.Split, Split = [new("b", 90), new("c", 10)] };
        const int Calls = 20_000;

        Dictionary<string, double> Share(Func<ulong, RouteRequest> request) => Enumerable.Range(0, Calls)
            .Select(i => Names(chain, request((ulong)i * 7_919)).First()).GroupBy(n => n).ToDictionary(g => g.Key, g => g.Count() / (double)Calls);
        var weighted = Share(draw => Request(RoutingStrategy.Weighted, draw));
        var divided = Share(draw => Request(RoutingStrategy.Split, draw) with { Policy = split });

        Assert.InRange(weighted["a"], 0.73, 0.77);
        Assert.False(weighted.ContainsKey("c"));
        Assert.InRange(divided["b"], 0.89, 0.91);
        Assert.InRange(divided["c"], 0.09, 0.11);
    }

    [Fact]
    public void Slow_provider_is_tried_again_once_its_experience_is_old()
    {
        ProviderView[] chain =
        [
            Of("slow", 100, 1) with { Priority = 1, MaxLatencyMs = 50, Experience = new(100, 200, Now.AddSeconds(-5), false) },
            Of("next", 100, 1) with { Priority = 2 },
            Of("local", 1, 0) with { Priority = 3, IsLastResort = true },
        ];

        Assert.Equal(["next", "slow", "local"], Names(chain, Request(RoutingStrategy.Priority)));
        Assert.Contains("200 ms, over 50", Router.Plan(chain, Request(RoutingStrategy.Priority), Now)[1].Why, StringComparison.Ordinal);
        Assert.Equal(["slow", "next", "local"], Router.Plan(chain, Request(RoutingStrategy.Priority), Now.AddMinutes(1)).Select(s => s.Provider));
    }

    [Fact]
    public void Tenant_has_a_policy_of_its_own_where_it_is_given_one()
    {
        var settings = new RoutingSettings
        {
            Tenants = new Dictionary<string, RoutingPolicy> { ["acme"] = new() { Strategy = RoutingStrategy.LeastCost } },
        };

        Assert.Equal(RoutingStrategy.LeastCost, settings.Of("acme").Strategy);
        Assert.Equal(RoutingStrategy.Priority, settings.Of("other").Strategy);
    }

    private static void Hold(Action<(ProviderView[] Chain, RouteRequest Request)> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Questions.ToArbitrary(), property));

    private static RouteRequest Request(RoutingStrategy strategy, ulong draw = 1) => new("extract-lead")
    {
        Policy = new() { Strategy = strategy },
        InputTokens = 1_000,
        OutputTokens = 1_000,
        Draw = draw,
    };

    private static ProviderView Of(string name, double? typical, double price) => new(name, Capabilities, null, Breaker.Closed)
    {
        InputUsdPerMillion = price,
        Experience = new(typical, typical, Now.AddSeconds(-5), false),
    };

    private static IEnumerable<string> Names(ProviderView[] chain, RouteRequest request) => Router.Plan(chain, request, Now).Select(s => s.Provider);

    private static bool IsSlow(ProviderView p) => p.Experience.SlowMs > p.MaxLatencyMs && p.Experience.IsFresh(Now);

    private static bool IsFailing(ProviderView p) => p.Experience.LastFailed && p.Experience.IsFresh(Now);
}
