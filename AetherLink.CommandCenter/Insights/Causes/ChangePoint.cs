using AetherLink.CommandCenter.Insights.Causes.Gathering;

namespace AetherLink.CommandCenter.Insights.Causes;

/// <summary>Where a series changed its level, and by how much.</summary>
/// <param name="Index">The first value of the new level.</param>
/// <param name="Before">The median before it.</param>
/// <param name="After">The median from it on.</param>
/// <param name="Score">How many of the usual ranges (IQR of the values before) the two are apart.</param>
internal readonly record struct ChangePoint(int Index, double Before, double After, double Score)
{
    /// <summary>
    /// The one split of a series at which two medians fit it best (least absolute deviations); null where the series is shorter than
    /// twice the least length of a side. Robust: up to half of the values of a side may be anything. The score is that of BARO (Pham,
    /// Ha and Zhang, FSE 2024, arXiv:2405.09330): the distance from the median before, in interquartile ranges before.
    /// </summary>
    /// <param name="values">The values, by time.</param>
    /// <param name="leastSide">The fewest values on either side, at least 2.</param>
    /// <param name="leastRange">What counts as the range of a series that hardly moves, in the series' own unit, more than 0.</param>
    public static ChangePoint? Find(ReadOnlySpan<double> values, int leastSide, double leastRange)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(leastSide, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(leastRange);
        if (values.Length < 2 * leastSide)
            return null;

        var (best, index) = (double.PositiveInfinity, 0);
        for (var split = leastSide; split <= values.Length - leastSide; split++)
        {
            var misfit = Deviation(values[..split]) + Deviation(values[split..]);
            if (misfit < best)
                (best, index) = (misfit, split);
        }

        var before = Sorted(values[..index]);
        var (low, high) = (Quantiles.Of(before, 0.5), Quantiles.Of(Sorted(values[index..]), 0.5));
        var range = Math.Max(leastRange, Quantiles.Of(before, 0.75) - Quantiles.Of(before, 0.25));
        return new(index, low, high, Math.Abs(high - low) / range);
    }

    private static double Deviation(ReadOnlySpan<double> values)
    {
        var sorted = Sorted(values);
        var median = Quantiles.Of(sorted, 0.5);
        var sum = 0.0;
        foreach (var value in sorted)
            sum += Math.Abs(value - median);
        return sum;
    }

    private static double[] Sorted(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted;
    }
}
