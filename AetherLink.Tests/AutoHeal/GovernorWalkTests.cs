using System.Collections.Immutable;
using AetherLink.AutoHeal.Governing;

namespace AetherLink.Tests.AutoHeal;

public sealed class GovernorWalkTests
{
    [Fact]
    public void Governor_never_exceeds_its_limits_in_any_interleaving_of_failures_recoveries_clock_jumps_and_restarts()
    {
        var limits = new GovernorLimits
        {
            Cooldown = TimeSpan.FromMinutes(10),
            LongestCooldown = TimeSpan.FromMinutes(20),
            StartUpGrace = TimeSpan.FromMinutes(10),
            BackoffReset = TimeSpan.FromMinutes(10),
            RestartsPerHour = 2,
            FleetRestartsPerHour = 3,
            BrakeAtLeast = 2,
            Dependencies = ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("b", ["a"]),
        };
        Assert.Empty(GovernorArithmetic.Faults(limits));
        var walk = new GovernorWalk(limits);

        var states = walk.Walk(depth: 8);

        Assert.True(states > 50_000, $"{states} states");
        Assert.Equal(limits.RestartsPerHour, walk.MostForATarget);
        Assert.Equal(limits.FleetRestartsPerHour, walk.MostForTheFleet);
        Assert.Superset(
            new HashSet<string> { Bars.Healing, Bars.Cooldown, Bars.HourlyLimit, Bars.FleetLimit, Bars.Brake, "dependency:a" },
            walk.BarsMet);
    }
}
