namespace AetherLink.CommandCenter.Insights.Anomalies.Feeding;

/// <summary>What a series came to in a bucket so far.</summary>
internal readonly record struct Sum(SeriesKind Kind, double Total, long Times)
{
    public double Value => Kind is SeriesKind.Count ? Total : Total / Times;
}

/// <summary>A bucket while it fills.</summary>
internal sealed class Sums
{
    /// <summary>More than are ever kept, so that it is the book that decides which are left out.</summary>
    private const int Most = 2 * SeriesBook.MostSeries;

    private readonly Dictionary<SeriesKey, Sum> _sums = [];

    public IReadOnlyDictionary<SeriesKey, Sum> All => _sums;

    /// <summary>The number of the last event in it.</summary>
    public long LastSequence { get; set; }

    /// <summary>What came when there was no room for another series.</summary>
    public long LeftOut { get; private set; }

    /// <summary>So many more; none is worth noting too, since it says that there could have been some.</summary>
    public void Count(SeriesKey key, double more) => Add(key, SeriesKind.Count, more, 1);

    public void Measure(SeriesKey key, double milliseconds, long times = 1)
    {
        if (times > 0 && double.IsFinite(milliseconds))
        {
            Add(key, SeriesKind.Milliseconds, milliseconds * times, times);
        }
    }

    private void Add(SeriesKey key, SeriesKind kind, double total, long times)
    {
        if (_sums.TryGetValue(key, out var sum))
        {
            _sums[key] = sum with { Total = sum.Total + total, Times = sum.Times + times };
        }
        else if (_sums.Count < Most)
        {
            _sums[key] = new(kind, total, times);
        }
        else
        {
            LeftOut++;
        }
    }
}
