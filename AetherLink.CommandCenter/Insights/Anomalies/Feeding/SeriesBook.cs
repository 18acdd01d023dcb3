using AetherLink.CommandCenter.Insights.Anomalies.Living;

namespace AetherLink.CommandCenter.Insights.Anomalies.Feeding;

/// <summary>
/// All series that are watched, and what becomes of them bucket by bucket. No I/O, and no clock: a bucket is given when it is over.
/// </summary>
internal sealed class SeriesBook
{
    /// <summary>About 5 kB each in memory.</summary>
    public const int MostSeries = 5_000;

    /// <summary>So that nobody takes the room of all others.</summary>
    public const int MostOfATenant = 500;

    /// <summary>A series that has had nothing for longer than its detector needs to know a week is forgotten.</summary>
    private static readonly long Idle = Bucket.Count(TimeSpan.FromDays(9));

    /// <summary>A series without points says nothing, also not that it is back: after this time its anomaly is over.</summary>
    private static readonly long Silent = Bucket.Count(TimeSpan.FromHours(1));

    private readonly Dictionary<SeriesKey, WatchedSeries> _series = [];
    private readonly Dictionary<int, WatchedSeries> _byId = [];
    private readonly Dictionary<string, int> _ofTenants = new(StringComparer.Ordinal);
    private readonly List<Anomaly> _recent = [];
    private int _lastId;

    public int Count => _series.Count;

    public int Open => _series.Values.Count(series => series.Anomaly is not null);

    public void Restore(WatchedSeries series)
    {
        _series.Add(series.Key, series);
        _byId.Add(series.Id, series);
        _ofTenants[series.Key.TenantId] = _ofTenants.GetValueOrDefault(series.Key.TenantId) + 1;
        _lastId = Math.Max(_lastId, series.Id);
    }

    /// <summary>One that has not ended, or that began a moment ago.</summary>
    public void Restore(Anomaly anomaly)
    {
        _recent.Add(anomaly);
        if (anomaly.EndedAt is null && _series.GetValueOrDefault(new(anomaly.TenantId, anomaly.Series)) is { } series)
        {
            series.Anomaly = anomaly;
        }
    }

    /// <summary>Learns again the points of a bucket that were committed after a detector was saved; what they showed was told then.</summary>
    public void Replay(long bucket, IReadOnlyDictionary<int, double> points)
    {
        foreach (var series in _byId.Values.Where(series => bucket >= series.AsOf))
        {
            if (points.TryGetValue(series.Id, out var value))
            {
                series.Detector.Observe(Bucket.Start(bucket), value);
                series.LastSeen = value > 0 ? Math.Max(series.LastSeen, bucket) : series.LastSeen;
            }
            else if (series.Kind is SeriesKind.Count)
            {
                series.Detector.Observe(Bucket.Start(bucket), 0);
            }
        }
    }

    /// <summary>The bucket is over: each series gets its point.</summary>
    public void Close(long bucket, Sums sums, BookChanges changes)
    {
        var at = Bucket.Start(bucket);
        changes.LeftOut += sums.LeftOut;
        _recent.RemoveAll(anomaly => at - anomaly.Since > AnomalyLife.Near);
        foreach (var (key, sum) in sums.All)
        {
            if (!_series.ContainsKey(key))
            {
                Begin(key, sum.Kind, bucket, changes);
            }
        }
        var points = new List<(int, double)>(sums.All.Count);
        foreach (var series in _series.Values)
        {
            if (sums.All.TryGetValue(series.Key, out var sum))
            {
                var value = sum.Value;
                series.LastSeen = bucket;
                if (value != 0 || series.Kind is not SeriesKind.Count)
                {
                    points.Add((series.Id, value));
                }
                Judge(series, at, value, changes);
            }
            else if (series.Kind is SeriesKind.Count)
            {
                Judge(series, at, 0, changes);
            }
            else if (series.Anomaly is { } now && bucket - series.LastSeen > Silent)
            {
                Note(series, AnomalyLife.Silent(now, at), changes);
            }
            if (series.IsToBeSavedAt(bucket))
            {
                changes.ToSave.Add(series);
            }
        }
        changes.Closed.Add((bucket, points));
        Forget(bucket, changes);
    }

    private void Begin(SeriesKey key, SeriesKind kind, long bucket, BookChanges changes)
    {
        // What the mesh says of itself always has room.
        var others = _series.Count - _ofTenants.GetValueOrDefault(SeriesKey.MeshTenant);
        if (_ofTenants.GetValueOrDefault(key.TenantId) >= MostOfATenant
            || (key.TenantId != SeriesKey.MeshTenant && others >= MostSeries - MostOfATenant))
        {
            changes.LeftOut++;
            return;
        }
        var series = new WatchedSeries(_lastId + 1, key, kind, new(), bucket) { LastSeen = bucket };
        Restore(series);
        changes.Fresh.Add(series);
    }

    private void Judge(WatchedSeries series, DateTimeOffset at, double value, BookChanges changes)
    {
        var said = series.Detector.Observe(at, value);
        if (series.Anomaly is null && !(said.IsAnomalous && said.IsUnusual && series.Kind.IsWorthTelling(value, said.Expected)))
        {
            return;
        }
        var next = AnomalyLife.Observe(
            series.Anomaly, Guid.CreateVersion7(at), (series.Key.TenantId, series.Key.Name), at, value, said, _recent);
        if (next is not null && next != series.Anomaly)
        {
            Note(series, next, changes);
        }
    }

    private void Note(WatchedSeries series, Anomaly anomaly, BookChanges changes)
    {
        if (series.Anomaly is null)
        {
            changes.Raised.Add(anomaly.Id);
            _recent.Add(anomaly);
        }
        changes.Anomalies[anomaly.Id] = (anomaly, series.Kind);
        series.Anomaly = anomaly;
        if (anomaly.EndedAt is not null)
        {
            changes.Ended.Add(anomaly.Id);
            series.Anomaly = null;
        }
    }

    private void Forget(long bucket, BookChanges changes)
    {
        // Looked at when its turn to be saved comes, so that it costs nothing in between.
        foreach (var series in changes.ToSave.Where(series => bucket - series.LastSeen > Idle && series.Anomaly is null).ToList())
        {
            changes.ToSave.Remove(series);
            changes.Fresh.Remove(series);
            changes.Forgotten.Add(series.Id);
            _series.Remove(series.Key);
            _byId.Remove(series.Id);
            _ofTenants[series.Key.TenantId]--;
        }
    }
}
