using System.Numerics;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Following;
using Npgsql;

namespace AetherLink.CommandCenter.Alerts.Evaluating;

/// <summary>
/// Evaluates the rules as events commit. What is in memory is derived: the windows from the events, the rest from the tables,
/// and the clock is stored with the position, so that whoever takes over decides as this one would have.
/// </summary>
internal sealed class AlertFollower(
    FollowerServices services, AlertState state, AlertWriter writer, AlertEvents events, EventMetrics eventMetrics, AlertMetrics metrics,
    ILogger<AlertFollower> logger)
    : Follower<Occurrence>(FollowerName, services, logger)
{
    public const string FollowerName = "alerts";

    /// <summary>Numbers a page; some MB of narrow rows at most.</summary>
    private const int Page = 4_000;

    /// <summary>How late the end of an alert may be seen.</summary>
    private static readonly long SweepEvery = TimeSpan.FromMilliseconds(100).Ticks;

    private static readonly long TidyEvery = TimeSpan.FromSeconds(30).Ticks;

    private readonly ILogger _logger = logger;
    private readonly List<Transition> _transitions = [];
    private readonly Overflows _overflows = new(events, metrics, logger);

    private Evaluator _evaluator = new();
    private ActiveAlerts _active = new(events);
    private AlertChanges _changes = new();
    private ReadPlan? _plan;
    private FeedState _feed;
    private DateTime _since;
    private long _readUpTo;
    private long _revision;
    private long _savedRevision;
    private long _swept;
    private long _tidied;
    private bool _isLast;
    private bool _isStarting;

    /// <summary>While no rule is on, only the revision is looked at, and a tenth of a second is soon enough.</summary>
    protected override TimeSpan LeastInterval => _evaluator.HasRules ? base.LeastInterval : TimeSpan.FromMilliseconds(100);

    protected override async Task OnLeadingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        (_evaluator, _active, _plan) = (new(), new(events), null);
        (_readUpTo, _swept, _tidied, _since) = (-1, 0, 0, DateTime.UnixEpoch);
        _transitions.Clear();

        var clock = await AlertState.EvaluatedAtAsync(connection, cancellationToken);
        var active = await AlertState.ActiveAsync(connection, cancellationToken);
        (_feed, _) = await OccurrenceReader.PageAsync(connection, null, Position, 0, DateTime.UnixEpoch, cancellationToken);
        _evaluator.StartAt(Position, clock.Ticks);
        _active.Restore(active);
        _isStarting = true;
        await TakeRulesAsync(connection, cancellationToken);
    }

    protected override async Task<FeedPage<Occurrence>> ReadAsync(
        long after, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            // The time only spares the older partitions: it never runs backwards along the numbers.
            var (feed, page) = await OccurrenceReader.PageAsync(
                connection, _plan, after, Page, after == _readUpTo ? _since : DateTime.UnixEpoch, cancellationToken);
            _feed = feed;
            if (feed.Revision != _revision)
            {
                await TakeRulesAsync(connection, cancellationToken);
                continue;
            }
            var upTo = _plan is null ? feed.Head : Math.Max(Math.Min(feed.Head, after + Page), page.Count > 0 ? page[^1].Sequence : 0);
            _readUpTo = Math.Max(after, upTo);
            _since = page.Count > 0 ? new DateTime(page[^1].ReceivedAt, DateTimeKind.Utc) : _since;
            _isLast = _readUpTo >= feed.Head;
            return new(page, _readUpTo, _isLast, feed.Now);
        }
    }

    protected override bool HasConsequences(IReadOnlyList<Occurrence> page)
    {
        foreach (var occurrence in page)
        {
            _evaluator.Observe(occurrence, _transitions);
        }
        // Behind the head, time stands where the events are: what is still to be read may belong to it.
        var now = _isLast ? _feed.Now.Ticks : page.Count > 0 ? page[^1].ReceivedAt : 0;
        if (now - _swept >= SweepEvery)
        {
            _evaluator.Advance(now, _transitions);
            _swept = now;
        }
        if (now - _tidied >= TidyEvery)
        {
            _evaluator.Tidy(_transitions);
            _tidied = now;
        }
        return _transitions.Count > 0 || _revision != _savedRevision;
    }

    protected override async Task HandleAsync(IReadOnlyList<Occurrence> page, NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        _changes = new();
        var ids = await IdsAsync(page, batch.Connection!, cancellationToken);
        _active.Apply(_transitions, ids.GetValueOrDefault, _changes);
        _transitions.Clear();
        Write(batch);
    }

    protected override async Task OnIdleAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        _changes = new();
        _active.Advance(now.UtcDateTime, _changes);
        if (!_changes.IsEmpty)
        {
            await CommitAsync(
                (batch, _) =>
                {
                    Write(batch);
                    return Task.CompletedTask;
                }, cancellationToken);
        }
        metrics.Report(_evaluator.Windows, _active.All.Count);
    }

    protected override Task OnSavingAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        _changes = new();
        Write(batch);
        return Task.CompletedTask;
    }

    protected override void OnCommitted()
    {
        _savedRevision = _revision;
        metrics.Changed(_changes);
        _changes.Events.ForEach(eventMetrics.Stored);
        if (_changes.Events.Count > 0)
        {
            Services.Signal.Pulse();
        }
        _changes = new();
    }

    private void Write(NpgsqlBatch batch)
    {
        var counted = new List<ActiveAlert>();
        foreach (var (key, matched) in _evaluator.TakeCounted())
        {
            if (_active.Find(key) is { } alert && alert.Matched != matched)
            {
                alert.Matched = matched;
                counted.Add(alert);
            }
        }
        AlertWriter.Save(_evaluator, _revision, counted, batch);
        _overflows.AddTo(batch, _evaluator, _feed.Now, _changes);
        writer.Write(_changes, _feed.Now, batch);
    }

    private async Task<Dictionary<long, string?>> IdsAsync(
        IReadOnlyList<Occurrence> page, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var wanted = _transitions.SelectMany(transition => transition.Newest).ToHashSet();
        var ids = page.Where(one => wanted.Contains(one.Sequence)).ToDictionary(one => one.Sequence, one => one.EventId);
        wanted.ExceptWith(ids.Keys);
        if (wanted.Count > 0)
        {
            var longest = _transitions.Max(transition => transition.Raised?.WindowSeconds ?? 0);
            var since = new DateTime(_evaluator.Clock, DateTimeKind.Utc).AddSeconds(-longest);
            foreach (var (sequence, id) in await OccurrenceReader.IdsAsync(connection, [.. wanted], since, cancellationToken))
            {
                ids[sequence] = id;
            }
        }
        return ids;
    }

    /// <summary>Takes over the rules and the silences as they are now, and refills the windows of what is new or counts otherwise.</summary>
    private async Task TakeRulesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var rules = await state.EnabledRulesAsync(cancellationToken);
        _active.Take(await state.SilencesAsync(_feed.Now, cancellationToken));
        if (Position >= _feed.Head)
        {
            // Nothing is still to be read that belongs to an earlier time.
            _evaluator.Advance(_feed.Now.Ticks, _transitions);
        }
        var fresh = _evaluator.Replace(rules, _transitions);
        foreach (var alert in _isStarting ? _active.All : [])
        {
            if (!_evaluator.Fire(alert.Key, alert.Matched))
            {
                _transitions.Add(Transition.Ended(alert.Key, _evaluator.Clock, alert.Matched, Reasons.RuleRemoved));
            }
        }
        if (fresh.Count > 0)
        {
            // One rule of a day would otherwise have a day read for all; of those about as long one reading is enough.
            var now = new DateTime(_evaluator.Clock, DateTimeKind.Utc);
            foreach (var alike in fresh.GroupBy(rule => (rule.EventType is null, BitOperations.Log2((uint)rule.WindowSeconds))))
            {
                await RefillAsync([.. alike], now, connection, cancellationToken);
            }
            _evaluator.Settle(fresh, _transitions);
        }
        if (_isStarting)
        {
            _overflows.StartWith(_evaluator);
        }
        _isStarting = false;
        _plan = rules.Count > 0 ? new(rules, _evaluator.Paths) : null;
        _revision = _feed.Revision;
        Log.RulesTaken(_logger, rules.Count, _revision);
    }

    private async Task RefillAsync(List<AlertRule> rules, DateTime now, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var ids = rules.Select(rule => rule.RuleId).ToHashSet();
        var since = now.AddSeconds(-rules.Max(rule => rule.WindowSeconds));
        var span = OccurrenceReader.SpanAsync(connection, new(rules, _evaluator.Paths), Position, since, timeoutSeconds: 0, cancellationToken);
        await foreach (var occurrence in span)
        {
            _evaluator.Refill(occurrence, ids);
        }
    }
}
