using AetherLink.CommandCenter.Events.Querying;
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

    /// <summary>More than this, and Postgres' clock and this one have no business together.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromHours(1);

    private long _readUpTo = -1;
    private DateTimeOffset? _since;

    /// <summary>Which events it wants now; the position moves over all others. Null when it wants none.</summary>
    protected abstract ValueTask<EventFilter?> FilterAsync(NpgsqlConnection connection, CancellationToken cancellationToken);

    protected override async Task<FeedPage<StoredEvent>> ReadAsync(
        long after, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // The head before the filter: what was asked for before an event was stored gets it. And before the events: what is
        // committed in between is found the next time.
        var at = Services.Clock.GetUtcNow();
        var head = await Services.Log.HeadAsync(cancellationToken);
        if (head <= after)
        {
            return new([], after, IsLast: true);
        }
        if (await FilterAsync(connection, cancellationToken) is not { } filter)
        {
            (_readUpTo, _since) = (head, at - ClockSkew);
            return new([], head, IsLast: true);
        }
        // The time only spares the older partitions: what comes after a head was received after it was read. A page that comes
        // again is older.
        var since = after == _readUpTo ? _since : null;
        var events = await Services.Log.AfterAsync(after, head, filter with { Since = since }, Page, cancellationToken);
        var isLast = events.Count < Page;
        (_readUpTo, _since) = isLast ? (head, at - ClockSkew) : (events[^1].Sequence, events[^1].ReceivedAt);
        return new(events, _readUpTo, isLast);
    }
}
