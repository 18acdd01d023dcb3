using System.Collections.Immutable;
using AetherLink.AutoHeal.Governing;

namespace AetherLink.Tests.AutoHeal;

public sealed class GovernorTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly GovernorLimits Limits = new();

    [Fact]
    public void Governor_leaves_a_target_alone_after_one_failed_probe()
    {
        var fleet = new GovernedFleet(Limits, Start).See("a", Sign.Healthy).See("a", Sign.Failing);

        Assert.Equal(Ruling.Leave, fleet.Decide("a").Ruling);
        Assert.Equal(Condition.Failing, fleet["a"].Condition);
    }

    [Fact]
    public void Governor_allows_a_restart_after_two_failures_in_a_row()
    {
        var fleet = new GovernedFleet(Limits, Start).See("a", Sign.Healthy).See("a", Sign.Failing).See("a", Sign.Failing);

        Assert.Equal(Ruling.Restart, fleet.Decide("a").Ruling);
        Assert.True(fleet["a"].Healing);
        Assert.Single(fleet["a"].Restarts);
    }

    [Fact]
    public void Governor_starts_counting_again_when_a_probe_passes_in_between()
    {
        var fleet = new GovernedFleet(Limits, Start).See("a", Sign.Healthy).See("a", Sign.Failing).See("a", Sign.Healthy).See("a", Sign.Failing);

        Assert.Equal(Ruling.Leave, fleet.Decide("a").Ruling);
    }

    [Fact]
    public void Governor_does_not_count_failures_within_the_start_up_grace()
    {
        var fleet = new GovernedFleet(Limits, Start).See("a", Sign.Failing).See("a", Sign.Failing).See("a", Sign.Failing);
        Assert.Equal(Ruling.Leave, fleet.Decide("a").Ruling);
        Assert.Equal(Condition.Starting, fleet["a"].Condition);

        fleet.Wait(Limits.StartUpGrace).See("a", Sign.Failing).See("a", Sign.Failing);
        Assert.Equal(Ruling.Restart, fleet.Decide("a").Ruling);
    }

    [Fact]
    public void Governor_takes_an_unexpected_exit_as_proof_enough_even_within_the_grace()
    {
        var fleet = new GovernedFleet(Limits, Start).See("a", Sign.Dead);

        Assert.Equal(Ruling.Restart, fleet.Decide("a").Ruling);
    }

    [Fact]
    public void Governor_leaves_alone_what_a_person_stopped()
    {
        var fleet = new GovernedFleet(Limits, Start).See("a", Sign.Healthy).See("a", Sign.Failing).See("a", Sign.Stopped);

        Assert.Equal(Ruling.Leave, fleet.Decide("a").Ruling);
        Assert.Equal(0, fleet.State.Counted);
    }

    [Fact]
    public void Governor_allows_no_second_heal_while_one_is_under_way()
    {
        var fleet = new GovernedFleet(Limits, Start).See("a", Sign.Dead);
        fleet.Decide("a");

        Assert.Equal(Bars.Healing, fleet.See("a", Sign.Dead).Decide("a").Bar);
        Assert.Equal(Bars.Healing, fleet.Decide("a", new Request { ByPerson = true, Force = true }).Bar);
    }

    [Fact]
    public void Governor_waits_longer_after_each_restart_in_a_row()
    {
        var fleet = new GovernedFleet(Limits with { RestartsPerHour = 5 }, Start);
        var pauses = new List<TimeSpan>();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(Ruling.Restart, fleet.See("a", Sign.Dead).Decide("a").Ruling);
            fleet.Finish("a", healthy: false);
            pauses.Add(fleet["a"].CooldownUntil(Limits)!.Value - fleet.Now);
            Assert.Equal(Bars.Cooldown, fleet.Wait(pauses[^1] - TimeSpan.FromSeconds(1)).See("a", Sign.Dead).Decide("a").Bar);
            fleet.Wait(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([300, 450, 675], pauses.Select(pause => pause.TotalSeconds));
    }

    [Fact]
    public void Governor_starts_the_backoff_over_after_ten_healthy_minutes()
    {
        var fleet = new GovernedFleet(Limits, Start).See("a", Sign.Dead);
        fleet.Decide("a");
        fleet.Finish("a", healthy: true);

        fleet.Wait(TimeSpan.FromMinutes(9)).See("a", Sign.Healthy);
        Assert.Equal(1, fleet["a"].Streak);
        fleet.Wait(TimeSpan.FromMinutes(1)).See("a", Sign.Healthy);
        Assert.Equal(0, fleet["a"].Streak);
    }

    [Fact]
    public void Governor_stops_a_crash_loop_at_the_hourly_limit_and_goes_on_when_the_hour_is_over()
    {
        var fleet = new GovernedFleet(GovernorLimits.Development, Start);
        var restarts = 0;
        for (var second = 0; second < 3600; second++)
        {
            fleet.See("a", Sign.Dead);
            if (fleet.Decide("a").Ruling == Ruling.Restart)
            {
                restarts++;
                fleet.Finish("a", healthy: false);
            }

            fleet.Wait(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(3, restarts);
        // The first restart is an hour old, the last is not: it is still a person's.
        Assert.Equal(Bars.Escalated, fleet.See("a", Sign.Dead).Decide("a").Bar);
        Assert.Equal(Ruling.Restart, fleet.Wait(TimeSpan.FromMinutes(1)).See("a", Sign.Dead).Decide("a").Ruling);
    }

    [Fact]
    public void Governor_holds_the_whole_fleet_to_its_limit()
    {
        var fleet = new GovernedFleet(Limits with { FleetRestartsPerHour = 3 }, Start);
        for (var i = 0; i < 20; i++)
            fleet.See($"healthy-{i}", Sign.Healthy);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(Ruling.Restart, fleet.See($"t{i}", Sign.Dead).Decide($"t{i}").Ruling);
            fleet.Finish($"t{i}", healthy: true);
        }

        Assert.Equal(Bars.FleetLimit, fleet.See("t3", Sign.Dead).Decide("t3").Bar);
    }

    [Fact]
    public void Governor_brakes_when_much_of_the_fleet_is_down_and_releases_when_it_is_not()
    {
        var fleet = new GovernedFleet(Limits, Start);
        for (var i = 0; i < 9; i++)
            fleet.See($"t{i}", i < 3 ? Sign.Dead : Sign.Healthy);

        Assert.True(fleet.State.Braked);
        Assert.Equal(Bars.Brake, fleet.Decide("t0").Bar);

        fleet.See("t1", Sign.Healthy);
        Assert.False(fleet.State.Braked);
        Assert.Equal(Ruling.Restart, fleet.Decide("t0").Ruling);
    }

    [Fact]
    public void Governor_does_not_brake_when_a_small_share_is_down()
    {
        var fleet = new GovernedFleet(Limits, Start);
        for (var i = 0; i < 10; i++)
            fleet.See($"t{i}", i < 3 ? Sign.Dead : Sign.Healthy);

        Assert.False(fleet.State.Braked);
    }

    [Fact]
    public void Governor_names_the_dependency_that_is_down()
    {
        var needs = ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("a", ["postgres"]);
        var fleet = new GovernedFleet(Limits with { Dependencies = needs }, Start).See("postgres", Sign.Dead).See("a", Sign.Dead);

        Assert.Equal("dependency:postgres", fleet.Decide("a").Bar);
        Assert.Equal("dependency:postgres", fleet.See("postgres", Sign.Healthy).Decide("a").Bar);
        fleet.See("postgres", Sign.Healthy);
        Assert.Equal(Ruling.Restart, fleet.Decide("a").Ruling);
    }

    [Fact]
    public void Governor_reports_a_suppression_once_for_each_reason()
    {
        var fleet = new GovernedFleet(Limits, Start).See("a", Sign.Dead);
        fleet.Decide("a");
        fleet.Finish("a", healthy: false);

        Assert.True(fleet.See("a", Sign.Dead).Decide("a").News);
        Assert.False(fleet.See("a", Sign.Dead).Decide("a").News);
        var maintained = fleet.Decide("a", new Request { Maintenance = "moving house" });
        Assert.True(maintained.News);
        Assert.Equal(Bars.Maintenance, maintained.Bar);
    }

    [Fact]
    public void Governor_holds_a_person_to_the_limits_unless_forced()
    {
        var person = new Request { ByPerson = true };
        var fleet = new GovernedFleet(Limits, Start).See("a", Sign.Healthy);
        Assert.Equal(Ruling.Restart, fleet.Decide("a", person).Ruling);
        fleet.Finish("a", healthy: true);

        Assert.Equal(Bars.Cooldown, fleet.Decide("a", person).Bar);
        Assert.Equal(Ruling.Restart, fleet.Decide("a", person with { Force = true }).Ruling);
        Assert.Equal(2, fleet["a"].Restarts.Length);
    }

    [Fact]
    public void Governor_counts_restarts_it_is_reminded_of()
    {
        var fleet = new GovernedFleet(Limits, Start);
        for (var i = 3; i > 0; i--)
            fleet.Remember("a", Start - TimeSpan.FromMinutes(15 * i), streak: 1);

        Assert.Equal(Bars.HourlyLimit, fleet.See("a", Sign.Dead).Decide("a").Bar);
        Assert.Equal(Bars.Escalated, fleet.Wait(TimeSpan.FromMinutes(15)).See("a", Sign.Dead).Decide("a").Bar);
        Assert.Equal(Ruling.Restart, fleet.Wait(TimeSpan.FromMinutes(30)).See("a", Sign.Dead).Decide("a").Ruling);
    }

    [Fact]
    public void Governor_is_more_careful_when_the_clock_is_set_back()
    {
        var fleet = new GovernedFleet(Limits, Start).See("a", Sign.Dead);
        fleet.Decide("a");
        fleet.Finish("a", healthy: true);

        fleet.Wait(TimeSpan.FromMinutes(-50)).See("a", Sign.Dead);
        Assert.Equal(Bars.Cooldown, fleet.Decide("a").Bar);
        Assert.Equal(Ruling.Restart, fleet.Wait(TimeSpan.FromMinutes(55)).See("a", Sign.Dead).Decide("a").Ruling);
    }

    [Fact]
    public void Governor_keeps_the_restarts_of_a_target_that_went_away()
    {
        var fleet = new GovernedFleet(Limits, Start).See("a", Sign.Dead);
        fleet.Decide("a");
        fleet.Finish("a", healthy: true);
        fleet.Unwatch("a");
        Assert.Equal(0, fleet.State.Counted);

        Assert.Equal(Bars.Cooldown, fleet.See("a", Sign.Dead).Decide("a").Bar);
    }
}
