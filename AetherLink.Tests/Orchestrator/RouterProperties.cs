using AetherLink.Orchestrator.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.Orchestrator;

public sealed class RouterProperties
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 4, 0, 0, TimeSpan.Zero);
    private static readonly string[] Capabilities = ["extract-lead", "summarize-activity", "classify-intent"];

    private static readonly Gen<Breaker> Circuits = Gen.Elements(
        Breaker.Closed,
        Breaker.Closed with { Phase = CircuitPhase.Open, OpenUntil = Now.AddSeconds(5) },
        Breaker.Closed with { Phase = CircuitPhase.Open, OpenUntil = Now.AddSeconds(-5) },
        Breaker.Closed with { Phase = CircuitPhase.HalfOpen });

    private static readonly Gen<ProviderView[]> Chains = (
        from name in Gen.Choose(0, 1_000_000)
        from can in Gen.SubListOf(Capabilities)
        from missing in Gen.Elements<string?>(null, null, "set A_KEY")
        from circuit in Circuits
        select new ProviderView($"p{name}", can.ToHashSet(StringComparer.Ordinal), missing, circuit)).ArrayOf();

    [Fact]
    public void Every_provider_is_tried_or_skipped_with_its_reason_in_the_order_of_the_chain() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000), Prop.ForAll(Chains.ToArbitrary(), chain =>
        {
            var plan = Router.Plan(chain, new RouteRequest("extract-lead"), Now);

            Assert.Equal(chain.Select(p => p.Name), plan.Select(s => s.Provider));
            foreach (var (provider, step) in chain.Zip(plan))
            {
                var usable = provider.Capabilities.Contains("extract-lead") && provider.Unconfigured is null && provider.Circuit.Admits(Now);
                Assert.Equal(usable, step.Skip is null);
                Assert.NotEqual("", step.Skip?.Reason);
            }
        }));

    [Fact]
    public void Router_names_what_is_missing_first_and_the_circuit_last()
    {
        var open = Breaker.Closed with { Phase = CircuitPhase.Open, OpenUntil = Now.AddSeconds(5) };
        ProviderView[] chain =
        [
            new("a", new HashSet<string>(), "set A_KEY", open),
            new("b", new HashSet<string> { "extract-lead" }, "set B_KEY", open),
            new("c", new HashSet<string> { "extract-lead" }, null, open),
            new("d", new HashSet<string> { "extract-lead" }, null, open with { Phase = CircuitPhase.HalfOpen }),
            new("e", new HashSet<string> { "extract-lead" }, null, Breaker.Closed),
        ];

        var plan = Router.Plan(chain, new RouteRequest("extract-lead"), Now);

        Assert.Equal(
            [
                new(0, "a", "priority 100", new Skip("unsupported", "cannot extract-lead")),
                new(1, "b", "priority 100", new Skip("unconfigured", "not configured: set B_KEY")),
                new(2, "c", "priority 100", new Skip("circuit_open", "circuit open until 2026-11-21T04:00:05Z")),
                new(3, "d", "priority 100", new Skip("circuit_open", "circuit half-open: a probe is under way")),
                new RouteStep(4, "e", "priority 100", null),
            ],
            plan);
    }
}
