using AetherLink.LoadGenerator.Measuring;

namespace AetherLink.Tests.Bench;

public sealed class StallsTests
{
    [Fact]
    public void Requests_that_are_late_one_after_the_other_are_one_stall()
    {
        double[] late = [5, 4, 1, 0.5, 3, 3.5, 9, 8, 0.1, 7];
        var stalls = new Stalls(late.Length, perSecond: 2);
        for (var number = 0; number < late.Length; number++) stalls.Record(number, dueAt: 0, (long)(late[number] * 1e6));
        stalls.Record(late.Length, dueAt: 0, 1_000_000_000);

        Assert.Equal(
            [
                new(TimeSpan.Zero, 2, TimeSpan.FromMilliseconds(5)), new(TimeSpan.FromSeconds(2.5), 3, TimeSpan.FromMilliseconds(9)),
                new Stall(TimeSpan.FromSeconds(4.5), 1, TimeSpan.FromMilliseconds(7)),
            ],
            stalls.Over(TimeSpan.FromMilliseconds(3)));
    }

    [Fact]
    public void Requests_that_were_due_in_some_stretches_are_told_apart()
    {
        var stalls = new Stalls(requests: 6, perSecond: 1_000);
        for (var number = 0; number < 6; number++) stalls.Record(number, dueAt: 10 * number, nanoseconds: number);

        var those = stalls.DueIn([(0, 10), (20, 40)]);

        Assert.Equal((3, 3, 2), (those.Count, those.Max, those.Percentile(50)));
    }

    [Fact]
    public void Requests_that_are_all_in_time_are_none() => Assert.Empty(new Stalls(100, perSecond: 1_000).Over(TimeSpan.Zero));
}
