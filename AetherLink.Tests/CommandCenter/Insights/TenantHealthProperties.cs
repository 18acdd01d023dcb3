using AetherLink.CommandCenter.Insights.Tenants;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.CommandCenter.Insights;

public sealed class TenantHealthProperties
{
    /// <summary>What is bad, each by itself: more of it, with all else as it is.</summary>
    private static readonly Func<TenantFigures, long, TenantFigures>[] Worse =
    [
        (of, more) => of with { Events = of.Events + more, BadEvents = of.BadEvents + more },
        (of, more) => of with { BadEvents = Math.Min(of.Events, of.BadEvents + more) },
        (of, more) => of with { Alerts = of.Alerts + more },
        (of, more) => of with { OpenCriticalAlerts = of.OpenCriticalAlerts + more },
        (of, more) => of with { FailedAttempts = of.FailedAttempts + more },
        (of, more) => of with { Delivered = Math.Max(0, of.Delivered - more) },
        (of, more) => of with { AiCalls = of.AiCalls + more, FailedAiCalls = of.FailedAiCalls + more },
        (of, more) => of with { FailedAiCalls = Math.Min(of.AiCalls, of.FailedAiCalls + more) },
        (of, more) => of with { OpenAnomalies = of.OpenAnomalies + more },
    ];

    private static readonly Gen<long> Count = Gen.OneOf(Gen.Choose(0, 5), Gen.Choose(0, 2_000_000_000)).Select(count => (long)count);

    private static readonly Gen<TenantFigures> Figures =
        from counts in Count.ArrayOf(9)
        select new TenantFigures
        {
            Events = counts[0] + counts[1],
            BadEvents = counts[1],
            Alerts = counts[2],
            OpenCriticalAlerts = counts[3],
            Delivered = counts[4],
            FailedAttempts = counts[5],
            AiCalls = counts[6] + counts[7],
            FailedAiCalls = counts[7],
            OpenAnomalies = counts[8],
        };

    [Fact]
    public void Nothing_that_gets_worse_raises_the_score() =>
        Prop.ForAll(Figures.ToArbitrary(), Gen.Choose(0, Worse.Length - 1).ToArbitrary(), Count.ToArbitrary(), (of, which, more) =>
            TenantHealth.Of(Worse[which](of, more)).Score <= TenantHealth.Of(of).Score).QuickCheckThrowOnFailure();

    [Fact]
    public void Score_is_100_less_what_its_terms_cost_and_within_its_bounds() =>
        Prop.ForAll(Figures.ToArbitrary(), of =>
        {
            var health = TenantHealth.Of(of);
            Assert.InRange(health.Score, 0, 100);
            Assert.Equal(100 - health.Terms.Sum(term => term.Cost), health.Score, tolerance: 0.051);
            Assert.All(health.Terms, term => Assert.InRange(term.Value, 0, 1));
            Assert.Equal(100, health.Terms.Sum(term => term.Weight));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Tenant_without_anything_is_well() => Assert.Equal(100, TenantHealth.Of(new()).Score);
}
