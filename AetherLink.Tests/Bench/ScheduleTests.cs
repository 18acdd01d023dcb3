using AetherLink.LoadGenerator.Measuring;

namespace AetherLink.Tests.Bench;

public sealed class ScheduleTests
{
    [Fact]
    public void Schedule_holds_its_rate_when_the_interval_is_no_whole_number()
    {
        var schedule = new Schedule(1_000, PerSecond: 3_000);

        Assert.Equal(1_000, schedule.DueAt(0));
        Assert.Equal(334_333, schedule.DueAt(1));
        Assert.Equal(1_000 + 3_600_000_000_000, schedule.DueAt(3_000 * 3_600));
    }

    [Theory]
    [InlineData(3_000, 4, 12_000)]
    [InlineData(5, 12, 60)]
    [InlineData(0.3, 10, 3)]
    [InlineData(0.1, 1, 1)]
    public void Schedule_counts_what_is_due_before_the_end(double perSecond, double seconds, long count) =>
        Assert.Equal(count, new Schedule(0, perSecond).CountIn(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Clock_sleeps_until_its_time_and_hardly_longer()
    {
        var due = Clock.Now + 5_000_000;

        Clock.SleepUntil(due);

        // The upper bound is generous: other tests run beside.
        Assert.InRange(Clock.Now - due, 0, 1_000_000_000);
    }
}
