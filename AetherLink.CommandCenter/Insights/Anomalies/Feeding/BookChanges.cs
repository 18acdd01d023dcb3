using AetherLink.CommandCenter.Insights.Anomalies.Living;

namespace AetherLink.CommandCenter.Insights.Anomalies.Feeding;

/// <summary>What closing buckets has led to, to be committed in one transaction.</summary>
internal sealed class BookChanges
{
    /// <summary>The points of each bucket, by the ids of their series.</summary>
    public List<(long Bucket, IReadOnlyList<(int Series, double Value)> Points)> Closed { get; } = [];

    public List<WatchedSeries> Fresh { get; } = [];

    /// <summary>Whose detectors are to be saved, as they are after the last of the buckets.</summary>
    public HashSet<WatchedSeries> ToSave { get; } = [];

    public List<int> Forgotten { get; } = [];

    /// <summary>As they are after the last of the buckets, in the order of their beginning.</summary>
    public Dictionary<Guid, (Anomaly Anomaly, SeriesKind Kind)> Anomalies { get; } = [];

    /// <summary>Which of them have begun in these buckets.</summary>
    public HashSet<Guid> Raised { get; } = [];

    /// <summary>Which have ended.</summary>
    public HashSet<Guid> Ended { get; } = [];

    /// <summary>What belongs to series that there was no room for.</summary>
    public long LeftOut { get; set; }
}
