using AetherLink.CommandCenter.Events.Querying;

namespace AetherLink.CommandCenter.Events.Streaming;

/// <summary>The hand-over from what is in the table to the live tail: nothing missing, nothing twice, in order.</summary>
internal static class Resuming
{
    private const int Page = 500;

    /// <summary>
    /// Everything after a number that passes the filter, and then everything that comes, with heartbeats in between; until the
    /// reader leaves or is cut off.
    /// </summary>
    public static async Task RunAsync(
        long position, EventFilter filter, Subscriber subscriber, IEventLog log, ILiveTail tail, CancellationToken cancellationToken)
    {
        // Up to the head first: the reader joins only when little is left, so that its queue does not fill while it catches up.
        var head = await log.HeadAsync(cancellationToken);
        await CatchUpAsync(position, head);
        position = Math.Max(position, head);

        var joined = await tail.JoinAsync(subscriber, cancellationToken);
        await CatchUpAsync(position, joined);
        await subscriber.LiveAsync(Math.Max(position, joined), cancellationToken);

        async Task CatchUpAsync(long after, long upTo)
        {
            while (after < upTo)
            {
                var events = await log.AfterAsync(after, upTo, filter, Page, cancellationToken);
                if (events.Count > 0)
                {
                    await subscriber.CatchUpAsync([.. events.Select(Frame.Of)], cancellationToken);
                }
                after = events.Count < Page ? upTo : events[^1].Sequence;
            }
        }
    }
}
