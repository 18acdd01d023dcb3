using System.Runtime.InteropServices;

namespace AetherLink.CommandCenter.Insights.Causes.Gathering;

/// <summary>Where a rate leaves what it usually is.</summary>
/// <param name="Index">The first bucket that has more.</param>
/// <param name="Usual">The median of three buckets' sums before.</param>
/// <param name="Most">The largest of three buckets' sums since.</param>
/// <param name="Score">How many usual ranges the two are apart.</param>
/// <param name="Known">By how many buckets before the usual is known.</param>
internal readonly record struct Surge(int Index, double Usual, double Most, double Score, int Known)
{
    /// <summary>
    /// Buckets that are summed: a failure that is met once, and then avoided by an open circuit or a back-off, fills a bucket or two, and is
    /// no new level.
    /// </summary>
    private const int Summed = 3;

    /// <summary>The interquartile range of a count is 1.35 standard deviations of it, and those are the root of its mean.</summary>
    private const double RangeOfCount = 1.35;

    /// <summary>Apart from the usual by this, it is no chance.</summary>
    private const double Apart = 3;

    /// <summary>The largest rise within the window over what was usual before it; null where there is none.</summary>
    /// <param name="values">How many in each bucket; not a number where nobody counted.</param>
    /// <param name="begin">Where the window begins: what lies before is what is usual.</param>
    /// <param name="least">In three buckets: less more than usual is not worth a word.</param>
    public static Surge? Find(ReadOnlySpan<double> values, int begin, double least)
    {
        var before = new List<double>(begin);
        for (var index = 0; index < begin; index++)
        {
            if (Sum(values, 0, index) is var sum && !double.IsNaN(sum))
                before.Add(sum);
        }
        before.Sort();
        var sorted = CollectionsMarshal.AsSpan(before);
        // Where nothing was counted before, nothing was usual.
        var usual = sorted.IsEmpty ? 0 : Quantiles.Of(sorted, 0.5);
        var spread = sorted.IsEmpty ? 0 : Quantiles.Of(sorted, 0.75) - Quantiles.Of(sorted, 0.25);
        var range = Math.Max(spread, RangeOfCount * Math.Sqrt(Math.Max(1, usual)));

        var (first, most) = (-1, 0.0);
        for (var index = begin; index < values.Length; index++)
        {
            // Only of the window: what came just before it is not its surge.
            var sum = Sum(values, begin, index);
            if (double.IsNaN(sum) || sum - usual < Math.Max(least, Apart * range))
                continue;
            if (first < 0)
                first = index;
            most = Math.Max(most, sum);
        }
        return first < 0 ? null : new(Onset(values, first, begin, usual / Summed), usual, most, (most - usual) / range, before.Count);
    }

    /// <summary>The first of the summed that is above the usual.</summary>
    private static int Onset(ReadOnlySpan<double> values, int last, int begin, double usual)
    {
        for (var index = Math.Max(begin, last - Summed + 1); index < last; index++)
        {
            if (values[index] > usual)
                return index;
        }
        return last;
    }

    private static double Sum(ReadOnlySpan<double> values, int first, int last)
    {
        if (double.IsNaN(values[last]))
            return double.NaN;
        var sum = 0.0;
        for (var index = Math.Max(first, last - Summed + 1); index <= last; index++)
            sum += double.IsNaN(values[index]) ? 0 : values[index];
        return sum;
    }
}
