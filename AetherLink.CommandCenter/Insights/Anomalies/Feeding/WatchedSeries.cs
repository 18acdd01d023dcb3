using AetherLink.CommandCenter.Insights.Anomalies.Detecting;
using AetherLink.CommandCenter.Insights.Anomalies.Living;

namespace AetherLink.CommandCenter.Insights.Anomalies.Feeding;

/// <summary>A series, its detector, and its anomaly while it has one that has not ended.</summary>
internal sealed class WatchedSeries(int id, SeriesKey key, SeriesKind kind, SeriesDetector detector, long asOf)
{
    /// <summary>Buckets between two savings of a detector: five minutes, spread over the series by their ids.</summary>
    public const int SaveEvery = 30;

    public int Id { get; } = id;

    public SeriesKey Key { get; } = key;

    public SeriesKind Kind { get; } = kind;

    public SeriesDetector Detector { get; } = detector;

    /// <summary>Its detector has not seen this bucket, as it is stored: the first one of a new series.</summary>
    public long AsOf { get; } = asOf;

    /// <summary>The last bucket in which there was something.</summary>
    public long LastSeen { get; set; }

    public Anomaly? Anomaly { get; set; }

    public bool IsToBeSavedAt(long bucket) => (Id + bucket) % SaveEvery == 0;
}
