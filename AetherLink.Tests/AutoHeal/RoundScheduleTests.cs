using AetherLink.AutoHeal.Watching;

namespace AetherLink.Tests.AutoHeal;

/// <summary>The schedule of looks alone, over simulated time: 10,000 targets every 30 s, for ten minutes, from several seeds.</summary>
public sealed class RoundScheduleTests
{
    private const int Targets = 10_000;
    private const double Interval = 30;
    private const double Minutes = 10;

    [Theory]
    [InlineData(1)]
    [InlineData(20_261_121)]
    public void Look_follows_the_one_before_by_the_interval_give_or_take_a_tenth_and_keeps_its_rhythm(int seed)
    {
        var dues = Play(seed, _ => 0);

        Assert.All(dues, of => Assert.InRange(of[0], 0, Interval));
        var gaps = dues.SelectMany(of => of.Zip(of.Skip(1), (one, next) => next - one)).ToArray();
        Assert.InRange(gaps.Min(), 0.9 * Interval, 0.901 * Interval);
        Assert.InRange(gaps.Max(), 1.099 * Interval, 1.1 * Interval);
        // Neither early nor late on the whole: otherwise 10,000 targets would be asked more often than is said, or less.
        Assert.InRange(gaps.Average(), 0.999 * Interval, 1.001 * Interval);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(31_337)]
    public void Targets_that_were_added_together_are_looked_at_evenly_spread_and_do_not_come_into_step(int seed)
    {
        var dues = Play(seed, _ => 0);

        // The first looks, and all of the last whole interval: each half second has its 167, by chance 4.5 standard deviations more or less.
        const double Last = 60 * Minutes - 2 * Interval;
        foreach (var looks in (double[][])[[.. dues.Select(of => of[0])], [.. dues.SelectMany(of => of).Where(at => at is >= Last and < Last + Interval).Select(at => at - Last)]])
        {
            var halves = looks.CountBy(at => (int)(2 * at)).ToDictionary();
            Assert.Equal((int)(2 * Interval), halves.Count);
            Assert.InRange(halves.Values.Min(), 109, 167);
            Assert.InRange(halves.Values.Max(), 167, 225);
        }
    }

    [Fact]
    public void Looks_that_were_late_once_are_not_late_again_and_none_makes_up_for_what_it_missed()
    {
        // For two minutes nobody looks.
        const double From = 100, Until = 220;
        var dues = Play(3, now => now is >= From and < Until ? Until - now : 0);

        Assert.All(dues, of =>
        {
            // One that was due meanwhile is begun at the end of the pause, and then not before another nine tenths of an interval after the time
            // that is made up for: an interval back, and no more.
            var after = of.Where(at => at > Until).Take(2).ToArray();
            Assert.InRange(after[0], Until - 0.1 * Interval, Until + 1.1 * Interval);
            Assert.InRange(after[1] - after[0], 0.9 * Interval, 1.1 * Interval);
        });
        Assert.All(dues, of => Assert.InRange(of.Count(at => at is > From and <= Until), 0, 2));
    }

    /// <returns>For each target the times at which it was due, in seconds; what was due in a pause was taken at its end.</returns>
    private static List<double>[] Play(int seed, Func<double, double> pauseAt)
    {
        var schedule = new RoundSchedule<int>(TimeSpan.FromSeconds(Interval), TimeProvider.System, new Random(seed));
        var second = (double)TimeProvider.System.TimestampFrequency;
        var dues = new List<double>[Targets];
        for (var target = 0; target < Targets; target++)
        {
            dues[target] = [];
            schedule.Add(target, 0);
        }

        for (var now = 0L; now < 60 * Minutes * second;)
        {
            while (schedule.TryTake(now, out var target, out var due))
            {
                dues[target].Add(due / second);
                schedule.Again(target, due, now);
            }

            var wait = schedule.Wait(now);
            Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(1.1 * Interval));
            // At least a timer's millisecond.
            now += (long)(Math.Max(0.001, Math.Max(wait.TotalSeconds, pauseAt(now / second))) * second);
        }

        return dues;
    }
}
