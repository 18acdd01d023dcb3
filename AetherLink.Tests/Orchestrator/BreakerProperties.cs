using AetherLink.Orchestrator.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.Orchestrator;

/// <summary>Any walk of calls, results and time through a breaker keeps its promises.</summary>
public sealed class BreakerProperties
{
    private static readonly BreakerPolicy Policy = new();
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // What happens next (0 enter, 1 success, 2 give up, 3.. a fault), to which of the calls under way, after how many seconds.
    private static readonly Gen<(int What, int Which, int Seconds)[]> Walks = (
        from what in Gen.Choose(0, 9)
        from which in Gen.Choose(0, 5)
        from seconds in Gen.Frequency((3, Gen.Constant(0)), (2, Gen.Choose(1, 40)), (1, Gen.Choose(100, 700)))
        select (what, which, seconds)).ArrayOf();

    [Fact]
    public void Any_walk_keeps_the_promises() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(Walks.ToArbitrary(), walk =>
        {
            var (breaker, now) = (Breaker.Closed, Start);
            var underWay = new List<long>();
            foreach (var (what, which, seconds) in walk)
            {
                now = now.AddSeconds(seconds);
                var before = breaker;
                if (what == 0 || underWay.Count == 0)
                {
                    (breaker, var ticket) = breaker.Enter(now);
                    Assert.Equal(before.Admits(now), ticket is not null);
                    if (ticket is { } entered) underWay.Add(entered);
                }
                else
                {
                    var ticket = underWay[which % underWay.Count];
                    underWay.Remove(ticket);
                    breaker = End(breaker, ticket, what, now);
                    if (ticket != before.Epoch) Assert.Equal(before, breaker);
                }

                AssertPromises(before, breaker, underWay, now);
            }
        }));

    private static void AssertPromises(Breaker before, Breaker after, List<long> underWay, DateTimeOffset now)
    {
        Assert.InRange(after.ConsecutiveFailures, 0, Policy.FailureThreshold - 1);
        Assert.True(after.Epoch >= before.Epoch);
        // Nobody is given up for ever.
        if (after.Phase == CircuitPhase.Open) Assert.True(after.OpenUntil - now <= Policy.MaxRetryAfter);
        if (after.Phase == CircuitPhase.Open) Assert.True(after.Admits(after.OpenUntil));
        // While a probe is out, exactly one call holds the circuit's ticket, and nobody else gets in.
        if (after.Phase == CircuitPhase.HalfOpen)
        {
            Assert.Single(underWay, t => t == after.Epoch);
            Assert.False(after.Admits(now.AddYears(1)));
        }
        // Only an answer closes a circuit.
        if (before.Phase != CircuitPhase.Closed && after.Phase == CircuitPhase.Closed) Assert.Equal(CircuitPhase.HalfOpen, before.Phase);
    }

    private static Breaker End(Breaker breaker, long ticket, int what, DateTimeOffset now) => what switch
    {
        0 or 1 => breaker.Succeeded(ticket),
        2 => breaker.Abandoned(ticket),
        _ => breaker.Failed(ticket, (FaultKind)(what - 3), what == 4 ? TimeSpan.FromSeconds(what * 100) : null, now, Policy),
    };
}
