using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.Healing;
using AetherLink.Tests.ServiceDefaults;

namespace AetherLink.Tests.AutoHeal;

public sealed class FleetTests
{
    [Fact]
    public void Restart_that_has_become_allowed_since_it_was_asked_for_is_not_counted_before_somebody_carries_it_out()
    {
        var clock = new SetClock();
        var limits = new GovernorLimits();
        var fleet = new Fleet(new RestartGovernor(limits), clock);
        Sighting dead = new(Sign.Dead, "It ended.");
        fleet.See("a", dead, watchOnly: false);
        fleet.Decide(Guid.NewGuid(), "a", Request.Automatic);
        fleet.Finish("a", healthy: true);
        fleet.See("a", dead, watchOnly: false);
        Assert.Equal((Ruling.Suppress, Bars.Cooldown), (fleet.Ask("a", Request.Automatic).Ruling, fleet.Ask("a", Request.Automatic).Bar));

        clock.Advance(TimeSpan.FromHours(2));

        Assert.Null(fleet.Leave("a", Request.Automatic));
        Assert.False(fleet.Find("a")!.Healing);
        Assert.Equal(Ruling.Restart, fleet.Decide(Guid.NewGuid(), "a", Request.Automatic).Ruling);
    }
}
