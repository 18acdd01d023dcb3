using AetherLink.CommandCenter.Events.Querying;
using AetherLink.CommandCenter.Storage;
using Npgsql;

namespace AetherLink.CommandCenter.Following;

/// <summary>A follower of whole events.</summary>
/// <param name="name">Its name among the followers; the lock and the position go by it.</param>
/// <param name="services">What every follower needs.</param>
/// <param name="logger">The logger of the one that follows.</param>
internal abstract class EventFollower(string name, FollowerServices services, ILogger logger)
    : Follower<StoredEvent>(name, services, logger)
{
    /// <summary>Bounds the memory and the length of a transaction: a page of the largest events is 32 MB.</summary>
    private const int Page = 500;

    private EventFilter? _filter;
    private long? _version;
    private long _readUpTo = -1;
    private DateTimeOffset? _since;

    /// <summary>In SQL, a number that changes with what this follower wants.</summary>
    protected virtual string Version => "0::bigint";

    /// <summary>While nothing is wanted, only the version is looked at, and a tenth of a second is soon enough.</summary>
    protected override TimeSpan LeastInterval => _filter is null ? TimeSpan.FromMilliseconds(100) : base.LeastInterval;

    /// <summary>Which events it wants now; the position moves over all others. Null when it wants none.</summary>
    protected abstract ValueTask<EventFilter?> FilterAsync(NpgsqlConnection connection, CancellationToken cancellationToken);

    protected override async Task<FeedPage<StoredEvent>> ReadAsync(
        long after, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            // The time only spares the older partitions: it never runs backwards along the numbers. A page that comes again is older.
            var since = after == _readUpTo ? _since : null;
            var (head, version, at, events) = await ReadAsync(after, since, connection, cancellationToken);
            if (version != _version)
            {
                // The version was read first: what changes in between is found the next time.
                (_filter, _version) = (await FilterAsync(connection, cancellationToken), version);
                continue;
            }
            // What was committed in between is found the next time, with what was asked for until then.
            var hasAll = events.Count < Page || events[^1].Sequence >= head.Sequence;
            events.RemoveAll(stored => stored.Sequence > head.Sequence);
            (_readUpTo, _since) = hasAll ? (Math.Max(after, head.Sequence), head.ReceivedAt) : (events[^1].Sequence, events[^1].ReceivedAt);
            return new(events, _readUpTo, hasAll, at);
        }
    }

    /// <summary>
    /// The head and the version, and then the events, in one round trip. The head comes with the version: what was asked for
    /// before an event was stored gets it.
    /// </summary>
    private async Task<((long Sequence, DateTimeOffset ReceivedAt) Head, long Version, DateTimeOffset At, List<StoredEvent> Events)> ReadAsync(
        long after, DateTimeOffset? since, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new($"select last_seq, last_at, {Version}, clock_timestamp(), {KeptPlan.Sql} from command_center.feed_head") },
        };
        if (_filter is { } filter)
        {
            batch.BatchCommands.Add(EventReader.After(after, filter with { Since = since }, Page));
        }
        await batch.PrepareAsync(cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var head = (reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1));
        var (version, at) = (reader.GetInt64(2), reader.GetFieldValue<DateTimeOffset>(3));
        var events = new List<StoredEvent>();
        while (await reader.NextResultAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                events.Add(EventReader.Row(reader));
            }
        }
        return (head, version, at, events);
    }
}
