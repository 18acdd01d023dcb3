using System.Collections.Immutable;
using AetherLink.AutoHeal.Governing;

namespace AetherLink.Tests.AutoHeal;

public sealed class GovernorWalkTests
{
    private static readonly GovernorLimits Limits = new()
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

    [Fact]
    public void Governor_never_exceeds_its_limits_in_any_interleaving_of_failures_recoveries_clock_jumps_and_restarts()
    {
        Assert.Empty(GovernorArithmetic.Faults(Limits));
        var walk = new GovernorWalk(Limits, "a", "b");

        var states = walk.Walk(depth: 8);

        Assert.True(states > 50_000, $"{states} states");
        Assert.Equal(Limits.RestartsPerHour, walk.MostForATarget);
        Assert.Equal(Limits.FleetRestartsPerHour, walk.MostForTheFleet);
        Assert.Superset(
            new HashSet<string> { Bars.Healing, Bars.Cooldown, Bars.HourlyLimit, Bars.FleetLimit, Bars.Brake, "dependency:a" },
            walk.BarsMet);
    }

    /// <summary>Deep enough for a target to be given up and to come by the hourly limit again: ten steps.</summary>
    [Fact]
    public void Governor_leaves_to_a_person_what_it_gave_up_in_any_interleaving_with_maintenance_duty_and_restarts_by_hand()
    {
        var walk = new GovernorWalk(Limits, "a");

        var states = walk.Walk(depth: 10);

        Assert.True(states > 20_000, $"{states} states");
        Assert.Equal(Limits.RestartsPerHour, walk.MostForATarget);
        Assert.Superset(new HashSet<string> { Bars.Healing, Bars.Cooldown, Bars.HourlyLimit, Bars.Escalated, Bars.Maintenance, Bars.OffDuty }, walk.BarsMet);
    }

    [Fact]
    public void Governor_holds_back_what_flaps_in_any_interleaving_after_it_has_flapped()
    {
        var walk = new GovernorWalk(Limits, "a");

        walk.Walk(depth: 5, [.. Enumerable.Range(0, CheckHistory.Length + 3).Select(check => check % 2 == 0 ? Sign.Healthy : Sign.Failing)]);

        Assert.Contains(Bars.Flapping, walk.BarsMet);
        Assert.True(walk.Restarts > 0, "what is proven dead is restarted all the same");
    }

    [Fact]
    public void Governor_restarts_nothing_in_any_interleaving_when_it_only_observes()
    {
        var walk = new GovernorWalk(Limits with { Observe = true }, "a", "b");

        walk.Walk(depth: 5);

        Assert.Contains(Bars.Observe, walk.BarsMet);
        Assert.Equal(0, walk.Restarts);
    }
}
