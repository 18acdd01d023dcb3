using AetherLink.CommandCenter.Events.Querying;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.CommandCenter;

/// <summary>However slow the reading and however rare the matches, the pages together are the list.</summary>
public sealed class WalkProperties
{
    private static readonly long Start = TimeProvider.System.GetTimestamp();

    [Fact]
    public void Pages_together_are_all_that_matches_newest_first_and_no_page_takes_much_longer_than_it_may() =>
        Prop.ForAll(
            (from seed in Gen.Choose(0, int.MaxValue)
             from limit in Gen.Choose(1, 20)
             from oneIn in Gen.Elements(500, 7_000, 40_000, 1_000_000)
             from nanosecondsARow in Gen.Elements(0, 1, 300, 2_000)
             select (seed, limit, oneIn, nanosecondsARow)).ToArbitrary(),
            one => CheckAsync(one.seed, one.limit, one.oneIn, one.nanosecondsARow).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    private static async Task<bool> CheckAsync(int seed, int limit, int oneIn, int nanosecondsARow)
    {
        var dice = new Random(seed);
        // Two stretches with a gap between them, as of a source that was silent for an hour.
        Stretch[] stretches = [new(600_000, 600_000 + dice.Next(400_000)), new(dice.Next(10), 10 + dice.Next(500_000))];
        var matches = stretches
            .SelectMany(stretch => Enumerable.Range(0, (int)(stretch.To - stretch.From) / oneIn).Select(_ => dice.NextInt64(stretch.From, stretch.To)))
            .Distinct().OrderDescending().ToArray();
        var clock = new SteppedClock();
        var walk = new Walk(clock);

        Task<IReadOnlyList<long>> Read(Stretch slice, int most)
        {
            var found = matches.Where(n => n >= slice.From && n < slice.To).Take(most).ToList();
            var walked = found.Count == most ? slice.To - found[^1] : slice.To - slice.From;
            clock.Step(TimeSpan.FromTicks(walked * nanosecondsARow / 100));
            return Task.FromResult<IReadOnlyList<long>>(found);
        }

        var seen = new List<long>();
        for (long? before = long.MaxValue; before is { } at;)
        {
            var started = clock.GetTimestamp();
            var page = await walk.BackAsync(
                stretches.Select(stretch => stretch with { To = Math.Min(stretch.To, at) }).Where(stretch => stretch.To > stretch.From),
                limit, Read, n => n);
            seen.AddRange(page.Page);
            // The first slice is looked at in any case, and a slice never takes more than half of what is left.
            var most = Walk.Patience + TimeSpan.FromTicks(2 * Walk.FirstSlice * nanosecondsARow / 100);
            if (page.Page.Count > limit || clock.GetElapsedTime(started) > most || page.NextBefore >= at)
            {
                return false;
            }
            before = page.NextBefore;
        }
        return seen.SequenceEqual(matches);
    }

    private sealed class SteppedClock : TimeProvider
    {
        private long _timestamp = Start;

        public override long GetTimestamp() => _timestamp;

        public void Step(TimeSpan by) => _timestamp += (long)(by.TotalSeconds * TimestampFrequency);
    }
}
