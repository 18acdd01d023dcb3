namespace AetherLink.CommandCenter.AiUsage;

/// <summary>
/// Latencies counted in buckets that grow by 5 %, so that those of any hours, tenants and providers can be added, and a
/// percentile of the sum is within 2.5 % of the true one. The buckets are those of the function <c>latencies_with</c>.
/// </summary>
internal sealed class LatencyHistogram
{
    private const double FirstMs = 0.1;
    private const double Growth = 1.05;

    private readonly SortedDictionary<int, long> _buckets = [];
    private long _count;

    /// <param name="first">The bucket of the first count.</param>
    /// <param name="counts">Null is zero.</param>
    public void Add(int first, int?[] counts)
    {
        for (var index = 0; index < counts.Length; index++)
        {
            if (counts[index] is { } count and > 0)
            {
                _buckets[first + index] = _buckets.GetValueOrDefault(first + index) + count;
                _count += count;
            }
        }
    }

    /// <summary>In milliseconds; null without calls.</summary>
    public AiLatency Percentiles() => new(Percentile(0.50), Percentile(0.95), Percentile(0.99));

    private double? Percentile(double share)
    {
        var below = 0L;
        foreach (var (bucket, count) in _buckets)
        {
            below += count;
            if (below >= share * _count)
            {
                // The middle of the bucket, by ratio: as far from its lower end as from its upper one.
                return Math.Round(FirstMs * Math.Pow(Growth, bucket - 0.5), 2);
            }
        }
        return null;
    }
}
