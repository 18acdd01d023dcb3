using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.Healing;
using AetherLink.AutoHeal.History;
using AetherLink.Tests.ServiceDefaults;

namespace AetherLink.Tests.AutoHeal;

public sealed class FleetTests
{
    private static readonly Sighting Dead = new(Sign.Dead, "It ended.");
    private readonly SetClock _clock = new();

    [Fact]
    public void Restart_that_has_become_allowed_since_it_was_asked_for_is_not_counted_before_somebody_carries_it_out()
    {
        var fleet = Start().Fleet;
        RestartOnce(fleet);
        Assert.Equal((Ruling.Suppress, Bars.Cooldown), (fleet.Ask("a", Request.Automatic).Ruling, fleet.Ask("a", Request.Automatic).Bar));

        _clock.Advance(TimeSpan.FromHours(2));

        Assert.Null(fleet.Leave("a", Request.Automatic));
        Assert.False(fleet.Find("a")!.Healing);
        Assert.Equal(Ruling.Restart, fleet.Decide(Guid.NewGuid(), "a", Request.Automatic).Ruling);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(24 * 365)]
    [InlineData(-1)]
    public void Clock_that_is_set_frees_no_limit_and_holds_nobody_up(int hours)
    {
        var fleet = Start().Fleet;
        RestartOnce(fleet);

        _clock.Set(TimeSpan.FromHours(hours));
        fleet.See("a", Dead, watchOnly: false);

        Assert.Equal(Bars.Cooldown, fleet.Ask("a", Request.Automatic).Bar);
        Assert.Single(fleet.State.Restarts);
        _clock.Advance(new GovernorLimits().Cooldown);
        Assert.Equal(Ruling.Restart, fleet.Ask("a", Request.Automatic).Ruling);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    [InlineData(0.5)]
    public void What_was_done_before_the_healer_was_restarted_counts_by_Postgres_clock_whatever_the_machines_says(double hours)
    {
        var done = Heal(_clock.GetUtcNow());
        _clock.Set(TimeSpan.FromHours(hours));
        var (fleet, time) = Start();
        fleet.Remember([done]);
        fleet.See("a", Dead, watchOnly: false);

        // A minute ago, it says.
        time.Heard(done.StartedAt.AddMinutes(1));
        fleet.Remember([done]);

        Assert.Equal(Bars.Cooldown, fleet.Ask("a", Request.Automatic).Bar);
        Assert.Equal(TimeSpan.FromMinutes(1), time.Now - Assert.Single(fleet.State.Restarts));
        _clock.Advance(new GovernorLimits().Cooldown - TimeSpan.FromMinutes(1));
        Assert.Equal(Ruling.Restart, fleet.Ask("a", Request.Automatic).Ruling);
    }

    [Fact]
    public void What_another_replica_did_counts_from_when_it_was_first_heard_of_however_Postgres_clock_is_set_later()
    {
        var (fleet, time) = Start();
        time.Heard(_clock.GetUtcNow());
        var done = Heal(_clock.GetUtcNow());
        fleet.Remember([done]);
        fleet.See("a", Dead, watchOnly: false);

        time.Heard(_clock.GetUtcNow().AddHours(2));
        fleet.Remember([done]);

        Assert.Equal(Bars.Cooldown, fleet.Ask("a", Request.Automatic).Bar);
    }

    [Fact]
    public void What_cannot_be_put_on_record_is_not_begun_and_not_counted()
    {
        var fleet = Start().Fleet;
        fleet.See("a", new Sighting(Sign.Healthy, ""), watchOnly: false);
        var person = new Request { ByPerson = true };

        Assert.Equal(Bars.NotOnRecord, fleet.Decide(Guid.NewGuid(), "a", person, _ => false).Bar);
        Assert.Throws<IOException>(() => fleet.Decide(Guid.NewGuid(), "a", person, _ => throw new IOException("full")));

        Assert.False(fleet.Find("a")!.Healing);
        Assert.Empty(fleet.State.Restarts);
        Assert.Equal(Ruling.Restart, fleet.Decide(Guid.NewGuid(), "a", person, _ => true).Ruling);
    }

    private (Fleet Fleet, HealClock Time) Start()
    {
        var time = new HealClock(_clock);
        return (new Fleet(new RestartGovernor(new GovernorLimits()), time), time);
    }

    private static void RestartOnce(Fleet fleet)
    {
        fleet.See("a", Dead, watchOnly: false);
        Assert.Equal(Ruling.Restart, fleet.Decide(Guid.NewGuid(), "a", Request.Automatic).Ruling);
        fleet.Finish("a", healthy: true);
        fleet.See("a", Dead, watchOnly: false);
    }

    internal static Heal Heal(DateTimeOffset at, string target = "a", int streak = 1) => new()
    {
        Id = Guid.NewGuid(),
        Target = target,
        Kind = "service",
        Action = "restart",
        Reason = "It ended.",
        Healer = "before",
        Streak = streak,
        FailingSince = at,
        StartedAt = at,
    };
}
