using System.Collections.Immutable;
using AetherLink.AutoHeal.Governing;

namespace AetherLink.Tests.AutoHeal;

public sealed class GovernorArithmeticTests
{
    [Fact]
    public void Arithmetic_accepts_the_limits_that_ship()
    {
        Assert.Empty(GovernorArithmetic.Faults(new GovernorLimits()));
        Assert.Empty(GovernorArithmetic.Faults(GovernorLimits.Development));
    }

    [Fact]
    public void Arithmetic_refuses_an_hourly_limit_that_the_cooldown_makes_idle()
    {
        var limits = new GovernorLimits { Cooldown = TimeSpan.FromMinutes(20), LongestCooldown = TimeSpan.FromMinutes(20), BackoffFactor = 1 };

        var fault = Assert.Single(GovernorArithmetic.Faults(limits));

        Assert.Equal(
            "AUTOHEAL_COOLDOWN_SECONDS=1200 with factor 1 admits at most 3 restarts in 3600 s by itself, " +
            "so AUTOHEAL_HOURLY_LIMIT=3 can never act. Set the limit to 2 or less, or the cooldown shorter.",
            fault);
    }

    // The first: at 0, 300, 750, and then, each pause having outlasted the reset, 1425, 1725, 2325, 2625, 3225, 3525.
    [Theory]
    [InlineData(300, 1.5, 9)]
    [InlineData(300, 1.0, 12)]
    [InlineData(600, 1.5, 6)]
    [InlineData(1800, 1.0, 2)]
    public void Arithmetic_counts_the_most_restarts_that_a_cooldown_admits(int cooldown, double factor, int most)
    {
        var pause = TimeSpan.FromSeconds(cooldown);
        var limits = new GovernorLimits { Cooldown = pause, BackoffFactor = factor, LongestCooldown = factor == 1 ? pause : TimeSpan.FromMinutes(30) };

        Assert.Equal(most, GovernorArithmetic.MostRestartsByCooldown(limits, 100));
        Assert.Empty(GovernorArithmetic.Faults(limits with { RestartsPerHour = most - 1, FleetRestartsPerHour = 100 }));
        Assert.Single(GovernorArithmetic.Faults(limits with { RestartsPerHour = most, FleetRestartsPerHour = 100 }));
    }

    [Fact]
    public void Arithmetic_refuses_a_longest_cooldown_that_one_which_does_not_grow_never_reaches()
    {
        var limits = new GovernorLimits { BackoffFactor = 1 };

        Assert.Equal(
            "AUTOHEAL_BACKOFF_FACTOR=1 keeps each pause at 300 s (AUTOHEAL_COOLDOWN_SECONDS), so AUTOHEAL_COOLDOWN_MAX_SECONDS=1800 can never act; " +
            "leave it out, or set the factor above 1.",
            Assert.Single(GovernorArithmetic.Faults(limits)));
        Assert.Empty(GovernorArithmetic.Faults(limits with { LongestCooldown = limits.Cooldown }));
    }

    [Fact]
    public void Cooldown_grows_with_each_restart_in_a_row_up_to_its_cap() =>
        Assert.Equal([0, 300, 450, 675, 1012.5, 1518.75, 1800, 1800], Enumerable.Range(0, 8).Select(streak => new GovernorLimits().CooldownAfter(streak).TotalSeconds));

    [Fact]
    public void Arithmetic_refuses_dependencies_that_wait_for_each_other()
    {
        var needs = ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("web", ["shop"]).Add("shop", ["store", "cache"]).Add("cache", ["shop"]);

        var fault = Assert.Single(GovernorArithmetic.Faults(new GovernorLimits { Dependencies = needs }));

        Assert.Contains("cache -> shop -> cache", fault, StringComparison.Ordinal);
        Assert.Empty(GovernorArithmetic.Faults(new GovernorLimits { Dependencies = needs.Remove("cache") }));
    }

    [Fact]
    public void Arithmetic_names_every_fault_at_once()
    {
        var faults = GovernorArithmetic.Faults(new GovernorLimits
        {
            FailuresToAct = 0,
            FleetRestartsPerHour = 2,
            BrakeShare = 1,
            LongestCooldown = TimeSpan.FromSeconds(1),
        }).ToArray();

        Assert.Contains(faults, fault => fault.Contains("AUTOHEAL_FAILURES=0", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("AUTOHEAL_FLEET_HOURLY_LIMIT=2 is below AUTOHEAL_HOURLY_LIMIT=3", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("AUTOHEAL_BRAKE_PERCENT=100", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("AUTOHEAL_COOLDOWN_MAX_SECONDS=1", StringComparison.Ordinal));
    }
}
