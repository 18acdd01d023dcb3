using System.Collections.Immutable;
using AetherLink.AutoHeal.Governing;

namespace AetherLink.Tests.AutoHeal;

/// <summary>Flapping, recovery, escalation, observation, and what is watched only.</summary>
public sealed class GovernorRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly GovernorLimits Limits = new();

    [Fact]
    public void Governor_trusts_what_was_down_only_after_several_answers_in_a_row()
    {
        var fleet = new GovernedFleet(Limits with { RecoveriesToTrust = 3 }, Start).See("a", Sign.Healthy).See("a", Sign.Failing).See("a", Sign.Failing);

        Assert.Equal(Condition.Recovering, fleet.See("a", Sign.Healthy)["a"].Condition);
        Assert.Equal(Ruling.Leave, fleet.Decide("a").Ruling);
        Assert.Equal(Condition.Failing, fleet.See("a", Sign.Failing)["a"].Condition);
        Assert.Equal(Condition.Down, fleet.See("a", Sign.Failing)["a"].Condition);
        fleet.See("a", Sign.Healthy).See("a", Sign.Healthy);
        Assert.Equal(Condition.Recovering, fleet["a"].Condition);
        Assert.Equal(Condition.Healthy, fleet.See("a", Sign.Healthy)["a"].Condition);
        Assert.Null(fleet["a"].FailingSince);
    }

    [Fact]
    public void Governor_leaves_a_flapping_target_alone_until_it_has_stopped()
    {
        var fleet = new GovernedFleet(Limits, Start).See("a", Sign.Healthy);
        for (var i = 0; i < 12; i++)
            fleet.See("a", Sign.Failing).See("a", Sign.Healthy);
        Assert.True(fleet["a"].Flapping);

        fleet.See("a", Sign.Failing).See("a", Sign.Failing);
        Assert.Equal(Bars.Flapping, fleet.Decide("a").Bar);

        var further = 0;
        for (; fleet["a"].Flapping; further++)
            fleet.See("a", Sign.Failing);
        Assert.InRange(further, 5, CheckHistory.Length);
        Assert.Equal(Ruling.Restart, fleet.Decide("a").Ruling);
        Assert.Equal(default, fleet["a"].Checks);
    }

    [Fact]
    public void Governor_restarts_a_flapping_target_that_is_proven_dead()
    {
        var fleet = new GovernedFleet(Limits, Start).See("a", Sign.Healthy);
        for (var i = 0; i < 12; i++)
            fleet.See("a", Sign.Failing).See("a", Sign.Healthy);

        Assert.Equal(Ruling.Restart, fleet.See("a", Sign.Dead).Decide("a").Ruling);
    }

    [Fact]
    public void History_of_checks_agrees_with_counting_them_again()
    {
        var random = new Random(21);
        for (var round = 0; round < 2_000; round++)
        {
            var (share, checks, all) = (random.NextDouble(), default(CheckHistory), new List<bool>());
            for (var check = random.Next(60); check >= 0; check--)
            {
                all.Add(random.NextDouble() < share);
                checks = checks.With(all[^1]);
            }

            Assert.Equal(Counted(all), checks.ChangeShare, 9);
        }

        static double Counted(List<bool> all)
        {
            if (all.Count < 21)
                return 0;
            var last = all.Skip(all.Count - 21).ToArray();
            return Enumerable.Range(1, 20).Where(i => last[i] != last[i - 1]).Sum(i => 0.8 + 0.4 * (i - 1) / 19) / 20;
        }
    }

    [Fact]
    public void Governor_calls_a_person_once_and_as_soon_as_the_last_restart_that_is_allowed_did_not_help()
    {
        var fleet = new GovernedFleet(GovernorLimits.Development, Start);
        var (restarts, escalations) = (new List<int>(), new List<int>());
        for (var second = 0; second < 600; second++, fleet.Wait(TimeSpan.FromSeconds(1)))
        {
            var verdict = fleet.See("a", Sign.Dead).Decide("a");
            if (verdict.Escalates)
                escalations.Add(second);
            if (verdict.Ruling != Ruling.Restart)
                continue;
            restarts.Add(second);
            fleet.Finish("a", healthy: false);
        }

        // After the pauses of 10 s and 15 s, and not after one more of 22.5 s, that no restart would follow.
        Assert.Equal([0, 10, 25], restarts);
        Assert.Equal([26], escalations);
        Assert.Equal("escalated", fleet["a"].Word);
    }

    [Fact]
    public void Governor_goes_on_after_an_escalation_when_the_target_is_well_again_or_a_person_restarts_it()
    {
        GovernedFleet Escalated()
        {
            var given = new GovernedFleet(GovernorLimits.Development with { RestartsPerHour = 1 }, Start).See("a", Sign.Dead);
            given.Decide("a");
            given.Finish("a", healthy: false);
            Assert.True(given.Wait(TimeSpan.FromMinutes(1)).See("a", Sign.Dead).Decide("a").Escalates);
            return given;
        }

        Assert.False(Escalated().See("a", Sign.Healthy).See("a", Sign.Healthy)["a"].Escalated);
        var byHand = Escalated();
        Assert.Equal(Ruling.Restart, byHand.Decide("a", new Request { ByPerson = true, Force = true }).Ruling);
        Assert.False(byHand["a"].Escalated);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Governor_only_says_what_it_would_do_when_it_observes(bool everything)
    {
        var limits = everything ? Limits with { Observe = true } : Limits with { Observed = ImmutableHashSet.Create("a") };
        var fleet = new GovernedFleet(limits, Start).See("a", Sign.Dead).See("b", Sign.Dead);

        Assert.Equal(Bars.Observe, fleet.Decide("a").Bar);
        Assert.Empty(fleet["a"].Restarts);
        Assert.Equal(everything ? Ruling.Suppress : Ruling.Restart, fleet.Decide("b").Ruling);
        Assert.Equal(Ruling.Restart, fleet.Decide("a", new Request { ByPerson = true }).Ruling);
    }

    [Fact]
    public void Governor_leaves_to_whoever_is_on_duty_what_nobody_forces_and_gives_nothing_up_for_them()
    {
        var fleet = new GovernedFleet(Limits with { RestartsPerHour = 1 }, Start).See("a", Sign.Dead);
        var offDuty = new Request { OffDuty = "Another is on duty." };
        fleet.Decide("a");
        fleet.Finish("a", healthy: false);

        var verdict = fleet.See("a", Sign.Dead).Decide("a", offDuty);

        Assert.Equal((Bars.OffDuty, true, false), (verdict.Bar, verdict.News, verdict.Escalates));
        Assert.False(fleet.Decide("a", offDuty).News);
        Assert.Equal(Bars.OffDuty, fleet.Decide("a", offDuty with { ByPerson = true }).Bar);
        Assert.Equal(Ruling.Restart, fleet.Decide("a", offDuty with { ByPerson = true, Force = true }).Ruling);
    }

    [Fact]
    public void Governor_does_not_brake_for_what_nobody_enrolled()
    {
        var governor = new RestartGovernor(Limits);
        var fleet = governor.See(FleetState.Empty, "ours", new Sighting(Sign.Healthy, ""), Start);
        for (var i = 0; i < 50; i++)
            fleet = governor.See(fleet, $"registered-{i}", new Sighting(Sign.Dead, ""), Start, watchOnly: true);

        Assert.Equal((1, 0, false), (fleet.Counted, fleet.Down, fleet.Braked));
    }

    [Fact]
    public void Governor_takes_the_engines_time_for_the_beginning_of_the_trouble_and_no_time_to_come()
    {
        var governor = new RestartGovernor(Limits);
        FleetState Seen(DateTimeOffset since) => governor.See(FleetState.Empty, "a", new Sighting(Sign.Dead, "", since), Start);

        Assert.Equal(Start.AddSeconds(-2), Seen(Start.AddSeconds(-2)).Find("a")!.FailingSince);
        Assert.Equal(Start, Seen(Start.AddHours(2)).Find("a")!.FailingSince);
    }
}
