using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Committing;
using AetherLink.CommandCenter.Following;
using AetherLink.CommandCenter.Insights.Anomalies.Living;
using AetherLink.CommandCenter.Insights.Anomalies.Telling;
using AetherLink.CommandCenter.Mesh;
using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.CommandCenter.Insights.Anomalies.Feeding;

/// <summary>
/// Fills the buckets, and closes each a moment after its end. The position is that of the last closed bucket, and moves with
/// what closing it led to: whoever takes over reads the open one again, so that no event is missed or counted twice. What the
/// probes measured since the bucket began is all that a death loses.
/// </summary>
internal sealed class SeriesFollower(
    FollowerServices services, HealthBoard health, IEventWriter writer, AnomalyEvents events, EventMetrics eventMetrics, AnomalyMetrics metrics,
    ServiceIdentity identity, ILogger<SeriesFollower> logger)
    : Follower<EventCount>(FollowerName, services, logger)
{
    public const string FollowerName = "insights";

    /// <summary>Numbers a reading: they are counted by Postgres, so that only the kinds of them come here.</summary>
    private const int Page = 20_000;

    /// <summary>Buckets a commit, when there is much to catch up with.</summary>
    private const int MostAtOnce = 60;

    /// <summary>How long after its end a bucket is closed: what was received just before is visible by then.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>A bucket without anything that is closed so late was nobody's quiet time: there was nobody to count.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    /// <summary>More than this, and Postgres' clock and this one have no business together.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromHours(1);

    private readonly ILogger _logger = logger;
    private readonly Dictionary<string, DateTimeOffset> _probed = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, Sums> _filling = [];
    private readonly List<(long Bucket, Sums Sums)> _closing = [];
    private readonly List<long> _taken = [];

    private SeriesBook _book = new();
    private BookChanges _changes = new();
    private List<EventDraft> _news = [];
    private DateTime _since;
    private long _readUpTo;
    private long _next;
    private bool _hasTold;

    /// <summary>Rates need no hurry: a bucket is open for as long as this forty times.</summary>
    protected override TimeSpan LeastInterval => TimeSpan.FromMilliseconds(250);

    protected override async Task OnLeadingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        _filling.Clear();
        _closing.Clear();
        _taken.Clear();
        (_readUpTo, _since) = (Position, DateTime.UnixEpoch);
        (_book, var next) = await SeriesStore.LoadAsync(connection, cancellationToken);
        _next = next ?? Bucket.Of(Services.Clock.GetUtcNow() - Grace);
        foreach (var anomaly in await AnomalyRecord.RecentAsync(connection, Bucket.Start(_next) - AnomalyLife.Near, cancellationToken))
        {
            _book.Restore(anomaly);
        }
        Log.Watches(_logger, _book.Count, _book.Open);
    }

    protected override async Task<FeedPage<EventCount>> ReadAsync(long after, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var now = Services.Clock.GetUtcNow();
        var (head, counts) = await FeedReader.EventsAsync(connection, _readUpTo, Page, _since, identity.Resource, cancellationToken);
        foreach (var count in counts)
        {
            count.AddTo(Filling(count.Bucket));
        }
        var hasAll = head <= _readUpTo + Page;
        // What was committed after the head was read may have been counted already: those before it were there too.
        var counted = counts.Count > 0 ? counts.Max(count => count.LastSequence) : 0;
        _readUpTo = hasAll ? Math.Max(Math.Max(_readUpTo, head), counted) : _readUpTo + Page;
        // The time only spares the older partitions: it never runs backwards along the numbers.
        _since = counts.Count > 0 ? counts.Max(count => count.LastAt) - ClockSkew : _since;
        TakeProbes(now);

        // Behind the head, time stands where the events are.
        var until = hasAll ? Bucket.Of(now - Grace) : counts.Count > 0 ? counts.Max(count => count.Bucket) : _next;
        var isLast = await CollectAsync(until, now, connection, cancellationToken) && hasAll;
        return new([], Math.Max(after, ClosedUpTo()), isLast);
    }

    protected override bool HasConsequences(IReadOnlyList<EventCount> page) => _closing.Count > 0;

    protected override Task HandleAsync(IReadOnlyList<EventCount> page, NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        (_changes, _news) = (new(), []);
        foreach (var (bucket, sums) in _closing)
        {
            _book.Close(bucket, sums, _changes);
        }
        SeriesStore.Write(_changes, _next, _taken, batch);
        AnomalyRecord.Write(_changes, Services.Clock.GetUtcNow(), batch);
        foreach (var (id, (anomaly, kind)) in _changes.Anomalies)
        {
            if (_changes.Raised.Contains(id) && events.Detected(anomaly, kind) is { } detected)
            {
                _news.Add(detected);
            }
            if (_changes.Ended.Contains(id) && events.Resolved(anomaly, kind) is { } resolved)
            {
                _news.Add(resolved);
            }
        }
        // Last, since it takes the lock of all writers.
        if (_news.Count > 0)
        {
            writer.AddTo(batch, _news);
        }
        _closing.Clear();
        _taken.Clear();
        return Task.CompletedTask;
    }

    protected override void OnCommitted()
    {
        _news.ForEach(eventMetrics.Stored);
        if (_news.Count > 0)
        {
            Services.Signal.Pulse();
        }
        metrics.Changed(_changes.Raised.Count, _changes.Ended.Count, _changes.LeftOut);
        if (_changes.LeftOut > 0 && !_hasTold)
        {
            _hasTold = true;
            Log.TooManySeries(_logger);
        }
        (_changes, _news) = (new(), []);
    }

    protected override Task OnIdleAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        metrics.Report(_book.Count, _book.Open);
        return Task.CompletedTask;
    }

    /// <summary>What comes late belongs to what is still open.</summary>
    private Sums Filling(long bucket)
    {
        bucket = Math.Max(bucket, _next);
        if (!_filling.TryGetValue(bucket, out var sums))
        {
            _filling[bucket] = sums = new();
        }
        return sums;
    }

    private void TakeProbes(DateTimeOffset now)
    {
        var probes = health.Current.Services;
        foreach (var (name, probe) in probes)
        {
            if (probe.LatencyMs is { } latency && _probed.GetValueOrDefault(name) < probe.LastChecked)
            {
                _probed[name] = probe.LastChecked;
                Filling(Bucket.Of(now)).Measure(SeriesKey.ServiceLatency(name), latency);
            }
        }
        foreach (var gone in _probed.Keys.Except(probes.Keys, StringComparer.Ordinal).ToList())
        {
            _probed.Remove(gone);
        }
    }

    /// <summary>Takes the buckets before one that are over. Whether these are all.</summary>
    private async Task<bool> CollectAsync(long until, DateTimeOffset now, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (_next >= until)
        {
            return true;
        }
        var from = _next;
        var waiting = (await FeedReader.ObservationsAsync(connection, Bucket.Start(until), cancellationToken))
            .ToLookup(observation => Math.Max(observation.Bucket, from));
        for (; _next < until && _closing.Count < MostAtOnce; _next++)
        {
            var isSomething = _filling.Remove(_next, out var sums) || waiting.Contains(_next);
            if (!isSomething && now - Bucket.End(_next) >= Late)
            {
                continue;
            }
            _closing.Add((_next, sums ??= new()));
            foreach (var observation in waiting[_next])
            {
                observation.AddTo(sums);
                _taken.Add(observation.Id);
            }
        }
        return _next >= until;
    }

    /// <summary>The number of the last event that is in a closed bucket.</summary>
    private long ClosedUpTo()
    {
        var closed = _closing.Count > 0 ? _closing.Max(closing => closing.Sums.LastSequence) : 0;
        return _closing.Count > 0 && _filling.Values.All(sums => sums.LastSequence == 0) ? _readUpTo : closed;
    }
}
