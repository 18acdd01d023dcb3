namespace AetherLink.CommandCenter.Insights.Causes.Gathering;

/// <summary>Where answers begin to take longer than they usually do.</summary>
/// <param name="Index">The first bucket of the new level.</param>
/// <param name="BeforeMs">The median before it.</param>
/// <param name="AfterMs">The median from it on.</param>
internal readonly record struct Slowing(int Index, double BeforeMs, double AfterMs)
{
    /// <summary>Less is not felt by anybody who waits.</summary>
    private const double LeastMs = 200;

    /// <summary>Apart by so many usual ranges (IQR).</summary>
    private const double Apart = 4;

    /// <summary>And so many times the usual.</summary>
    private const double Times = 2;

    /// <summary>Of what was before, the last ten minutes.</summary>
    private const int MostBefore = 60;

    /// <summary>One bucket is chance.</summary>
    private const int LeastOfRun = 2;

    /// <summary>The first lasting rise within the window; null where there is none.</summary>
    /// <param name="values">The mean of each bucket in ms; not a number where there was none.</param>
    /// <param name="begin">Where the window begins.</param>
    public static Slowing? Find(ReadOnlySpan<double> values, int begin)
    {
        begin = Math.Clamp(begin, 0, values.Length);
        Span<double> before = stackalloc double[MostBefore];
        before = before[..Last(values[..begin], before)];
        // Nothing usual is known of what is new.
        if (before.Length < LeastOfRun)
            return null;

        before.Sort();
        var (median, range) = (Quantiles.Of(before, 0.5), Quantiles.Of(before, 0.75) - Quantiles.Of(before, 0.25));
        var edge = Math.Max(median * Times, median + Math.Max(LeastMs, Apart * range));
        // Of some thousand that are looked at hardly any is slow, and these need no memory of their own.
        return Reaches(values[begin..], edge) ? Run(values, begin, edge) : null;
    }

    /// <summary>Takes the last values that are known. How many these are.</summary>
    private static int Last(ReadOnlySpan<double> values, Span<double> known)
    {
        var count = 0;
        for (var index = values.Length - 1; index >= 0 && count < known.Length; index--)
        {
            if (!double.IsNaN(values[index]))
                known[count++] = values[index];
        }
        return count;
    }

    private static bool Reaches(ReadOnlySpan<double> values, double edge)
    {
        foreach (var value in values)
        {
            if (value >= edge)
                return true;
        }
        return false;
    }

    /// <summary>The first values that stay above the edge, and where their level begins.</summary>
    private static Slowing? Run(ReadOnlySpan<double> values, int begin, double edge)
    {
        var (known, places) = (new List<double>(values.Length), new List<int>(values.Length));
        for (var index = 0; index < values.Length; index++)
        {
            if (!double.IsNaN(values[index]))
            {
                known.Add(values[index]);
                places.Add(index);
            }
        }
        var first = places.FindIndex(place => place >= begin);
        for (var start = first; start < known.Count; start++)
        {
            var end = start;
            while (end < known.Count && end - start < MostBefore && known[end] >= edge)
                end++;
            if (end - start >= LeastOfRun)
            {
                // What was before, and the run: of two levels, so that one split is where it began.
                var offset = Math.Max(0, start - MostBefore);
                var change = ChangePoint.Find(known[offset..end].ToArray(), LeastOfRun, leastRange: LeastMs / Apart);
                return change is { } split && split.Score >= Apart && split.After > split.Before
                    ? new(places[Math.Max(offset + split.Index, first)], split.Before, split.After)
                    : null;
            }
            start = end;
        }
        return null;
    }
}
