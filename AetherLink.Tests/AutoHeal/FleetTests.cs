using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.Healing;
using AetherLink.AutoHeal.History;
using AetherLink.AutoHeal.Storage;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.Extensions.Logging.Abstractions;

namespace AetherLink.Tests.AutoHeal;

public sealed class FleetTests : IDisposable
{
    private static readonly Sighting Dead = new(Sign.Dead, "It ended.");
    private readonly SetClock _clock = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aether-fleet-");

    /// <summary>What one process leaves for the next.</summary>
    private LocalFile<ClockMark> Marks => new(Path.Combine(_folder.FullName, "mark.json"), NullLogger.Instance);

    public void Dispose() => _folder.Delete(recursive: true);

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

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    public void What_was_done_before_the_healer_was_restarted_without_Postgres_is_as_long_ago_as_it_was_however_the_machines_clock_is_set_meanwhile(double hours)
    {
        var before = new HealClock(_clock, Marks);
        before.Heard(_clock.GetUtcNow().AddDays(1));
        var done = Heal(before.Shared);
        _clock.Advance(TimeSpan.FromMinutes(1));
        _clock.Set(TimeSpan.FromHours(hours));

        var time = new HealClock(_clock, Marks);
        var fleet = new Fleet(new RestartGovernor(new GovernorLimits()), time);
        fleet.Remember([done]);
        fleet.See("a", Dead, watchOnly: false);

        Assert.True(time.IsShared);
        Assert.Equal(done.StartedAt.AddMinutes(1), time.Shared);
        Assert.Equal(TimeSpan.FromMinutes(1), time.Now - Assert.Single(fleet.State.Restarts));
        Assert.Equal(Bars.Cooldown, fleet.Ask("a", Request.Automatic).Bar);
    }

    [Fact]
    public void Postgres_clock_is_kept_for_the_next_process_as_it_was_set_last()
    {
        var before = new HealClock(_clock, Marks);
        Assert.Equal(TimeSpan.FromDays(1), before.Heard(_clock.GetUtcNow().AddDays(1)));
        Assert.Null(before.Heard(_clock.GetUtcNow().AddDays(2)));

        var after = new HealClock(_clock, Marks);

        Assert.Equal(_clock.GetUtcNow().AddDays(2), after.Shared);
        Assert.Equal(TimeSpan.Zero, after.Heard(_clock.GetUtcNow().AddDays(2)));
    }

    [Fact]
    public void What_another_life_of_the_machine_knew_of_Postgres_clock_says_nothing()
    {
        foreach (var mark in (ClockMark[])[new("before it was started anew", 0, _clock.GetUtcNow()), new(ClockMark.ThisBoot, 1, _clock.GetUtcNow())])
        {
            Marks.Write([mark]);

            Assert.False(new HealClock(_clock, Marks).IsShared);
        }
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
