using AetherLink.Orchestrator.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.Orchestrator;

/// <summary>Whether a call is hedged, after how long, and by whom.</summary>
public sealed class HedgingProperties
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 4, 0, 0, TimeSpan.Zero);
    private static readonly HashSet<string> Capabilities = ["extract-lead"];

    private static readonly Gen<(ProviderView[] Chain, HedgePolicy? Policy, string Intent)> Questions =
        from size in Gen.Choose(1, 6)
        from providers in Provider.ArrayOf(size)
        from hasPolicy in Gen.Elements(true, true, true, false)
        from ms in Gen.Elements<int?>(null, 5, 300)
        from intents in Gen.Elements<string[]>([], ["extract-lead"], ["draft", "extract-lead"])
        from intent in Gen.Elements("extract-lead", "route")
        let after = ms is { } given ? TimeSpan.FromMilliseconds(given) : (TimeSpan?)null
        select (providers.Select((p, i) => p with { Name = $"p{i}" }).ToArray(), hasPolicy ? new HedgePolicy(after) { Intents = intents } : null, intent);

    private static Gen<ProviderView> Provider =>
        from capable in Gen.Elements(true, true, false)
        from most in Gen.Elements<int?>(null, null, 0)
        from slow in Gen.Elements<double?>(null, 0.2, 80, 900)
        from last in Gen.Elements(true, false, false)
        select new ProviderView("", capable ? Capabilities : [], null, Breaker.Closed)
        {
            MaxInFlight = most,
            IsLastResort = last,
            Experience = new(slow, slow, Now, false),
        };

    [Fact]
    public void Call_is_hedged_only_where_it_is_asked_for_and_a_time_is_known() =>
        Hold(question =>
        {
            foreach (var first in question.Chain)
            {
                var after = Hedging.After(question.Policy, question.Intent, first);
                var isAskedFor = question.Policy is { } policy && (policy.Intents.Count == 0 || policy.Intents.Contains(question.Intent))
                    && (policy.After is not null || first.Experience.SlowMs is not null) && !first.IsLastResort;
                Assert.Equal(isAskedFor, after is not null);
                if (after is not { } time) continue;
                Assert.True(time >= Hedging.Least);
                Assert.Equal(question.Policy!.After?.TotalMilliseconds ?? Math.Max(first.Experience.SlowMs!.Value, Hedging.Least.TotalMilliseconds), time.TotalMilliseconds);
            }
        });

    [Fact]
    public void Second_is_the_next_in_the_plan_that_can_be_asked_and_is_no_last_resort() =>
        Hold(question =>
        {
            var plan = Router.Plan(question.Chain, new RouteRequest("extract-lead"), Now);
            for (var first = 0; first < plan.Count; first++)
            {
                var second = Hedging.Second(plan, first, question.Chain);
                bool MayBe(int place) => plan[place].Skip is null && !question.Chain[plan[place].Index].IsLastResort;
                Assert.Equal(Enumerable.Range(0, plan.Count).Where(place => place > first && MayBe(place)).Cast<int?>().FirstOrDefault(), second);
                if (second is { } place) Assert.NotEqual(plan[first].Provider, plan[place].Provider);
            }
        });

    private static void Hold(Action<(ProviderView[] Chain, HedgePolicy? Policy, string Intent)> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Questions.ToArbitrary(), property));
}
