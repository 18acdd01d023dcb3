using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Committing;

namespace AetherLink.Tests.CommandCenter;

public sealed class KnownSourcesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Source_is_known_once_it_was_committed_until_the_hour_is_over()
    {
        var known = new KnownSources();
        EventDraft[] events = [Envelopes.Draft("a", tenant: "t1"), Envelopes.Draft("b", tenant: "t2")];
        var before = known.Of(events);
        known.Remember(events, [new(0, 1, Noon.AddMinutes(59))]);
        var after = known.Of(events);
        known.Remember(events, [new(1, 2, Noon.AddMinutes(60))]);
        var next = known.Of(events);
        // A commit of the hour before that was slow to be told of.
        known.Remember(events, [new(0, 1, Noon.AddMinutes(59))]);

        Assert.Equal([true, true], before.Unknown);
        Assert.Equal([false, true], after.Unknown);
        Assert.Equal([true, false], next.Unknown);
        Assert.Equal((Noon.UtcDateTime, Noon.UtcDateTime.AddHours(1)), (after.Hour, next.Hour));
        Assert.Equal([true, false], known.Of(events).Unknown);
    }
}
