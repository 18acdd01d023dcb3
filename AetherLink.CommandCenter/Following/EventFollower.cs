using AetherLink.CommandCenter.Events.Querying;
using Npgsql;

namespace AetherLink.CommandCenter.Following;

/// <summary>A follower of whole events.</summary>
/// <param name="name">Its name among the followers; the lock and the position go by it.</param>
/// <param name="services">What every follower needs.</param>
/// <param name="logger">The logger of the one that follows.</param>
/// <param name="filter">Which events it wants; the position moves over all others.</param>
internal abstract class EventFollower(string name, FollowerServices services, ILogger logger, EventFilter? filter = null)
    : Follower<StoredEvent>(name, services, logger)
{
    /// <summary>Bounds the memory and the length of a transaction: a page of the largest events is 32 MB.</summary>
    private const int Page = 500;

    private readonly EventFilter _filter = filter ?? EventFilter.All;
    private DateTimeOffset? _lastReceivedAt;
    private long _readUpTo;

    protected override async Task<FeedPage<StoredEvent>> ReadAsync(
        long after, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Read before the events: what is committed in between is found the next time.
        var head = await Services.Log.HeadAsync(cancellationToken);
        if (head <= after)
        {
            return new([], after, IsLast: true);
        }
        // The time only spares the older partitions: it never runs backwards along the numbers. A page that comes again is older.
        var since = after == _readUpTo ? _lastReceivedAt : null;
        var events = await Services.Log.AfterAsync(after, head, _filter with { Since = since }, Page, cancellationToken);
        _lastReceivedAt = events.Count > 0 ? events[^1].ReceivedAt : since;
        _readUpTo = events.Count < Page ? head : events[^1].Sequence;
        return new(events, _readUpTo, IsLast: events.Count < Page);
    }
}
