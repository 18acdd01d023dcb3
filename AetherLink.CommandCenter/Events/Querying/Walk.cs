namespace AetherLink.CommandCenter.Events.Querying;

/// <summary>Numbers of the feed, from the lowest up to, and without, the highest.</summary>
internal readonly record struct Stretch(long From, long To);

/// <summary>A page, and the number before which the next one begins; null at the end.</summary>
internal sealed record Walked<T>(IReadOnlyList<T> Page, long? NextBefore);

/// <summary>
/// Looks backwards through a feed, slice by slice, until a page is full or one question's time is over; then the page is what
/// was found so far, and its cursor goes on from there. So no question holds up the others, however rare what it looks for
/// is, and no index has to be kept for each that may be asked.
/// </summary>
internal sealed class Walk(TimeProvider clock)
{
    /// <summary>Numbers in the first slice: a few milliseconds without any index, and a page of nearly every question.</summary>
    public const long FirstSlice = 5_000;

    /// <summary>By how much a slice may be larger than the one before, when that was quick: an index answered.</summary>
    private const double MostGrowth = 16;

    /// <summary>What a question may take, so that with all around it it stays well below 50 ms.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    /// <param name="stretches">Where to look, the newest first.</param>
    /// <param name="limit">Rows in a page.</param>
    /// <param name="read">Reads at most so many rows of a stretch, the newest first.</param>
    /// <param name="number">A row's number.</param>
    public async Task<Walked<T>> BackAsync<T>(
        IEnumerable<Stretch> stretches, int limit, Func<Stretch, int, Task<IReadOnlyList<T>>> read, Func<T, long> number)
    {
        var found = new List<T>();
        var (started, width, outOfTime) = (clock.GetTimestamp(), FirstSlice, false);
        foreach (var stretch in stretches)
        {
            for (var to = stretch.To; to > stretch.From;)
            {
                if (outOfTime)
                {
                    return new(found, to);
                }
                var slice = new Stretch(Math.Max(stretch.From, to - width), to);
                var sliceStarted = clock.GetTimestamp();
                // One more than fits tells whether there is a next page.
                found.AddRange(await read(slice, limit + 1 - found.Count));
                if (found.Count > limit)
                {
                    found.RemoveRange(limit, found.Count - limit);
                    return new(found, number(found[^1]));
                }
                to = slice.From;
                var left = Patience - clock.GetElapsedTime(started);
                outOfTime = left <= TimeSpan.Zero;
                width = Wider(slice.To - slice.From, clock.GetElapsedTime(sliceStarted), left);
            }
        }
        return new(found, null);
    }

    /// <summary>So many numbers that they would take half of the time that is left, if it went on as before.</summary>
    private static long Wider(long numbers, TimeSpan took, TimeSpan left)
    {
        var growth = took <= TimeSpan.Zero ? MostGrowth : Math.Clamp(left / took / 2, 0, MostGrowth);
        return Math.Max(FirstSlice, (long)Math.Min(numbers * growth, long.MaxValue / 4));
    }
}
