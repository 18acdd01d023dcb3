namespace AetherLink.CommandCenter.Insights.Causes.Gathering;

/// <summary>
/// The values of all measures. They come bucket by bucket, of all series each time, and lie as they come: by measure each of some million points
/// would be fetched from another place of the memory.
/// </summary>
internal sealed class Grid(int measures, int buckets)
{
    private readonly double[] _totals = new double[measures * buckets];
    private readonly int[] _times = new int[measures * buckets];

    public void Add(int bucket, int measure, double value)
    {
        var place = (bucket * measures) + measure;
        _totals[place] += value;
        _times[place]++;
    }

    /// <summary>Of a count the sum, and none where others were counted; of a latency the mean. As many buckets as were counted at all.</summary>
    public double[] Of(int measure, MeasureKind kind, ReadOnlySpan<bool> counted)
    {
        var values = new double[counted.Length];
        for (var bucket = 0; bucket < values.Length; bucket++)
        {
            var place = (bucket * measures) + measure;
            values[bucket] = kind is MeasureKind.Latency
                ? _times[place] == 0 ? double.NaN : _totals[place] / _times[place]
                : counted[bucket] ? _totals[place] : double.NaN;
        }
        return values;
    }
}
