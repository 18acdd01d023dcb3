using System.Runtime.CompilerServices;
using AetherLink.CommandCenter.Events.Querying;

namespace AetherLink.CommandCenter.Events.Streaming;

/// <summary>The hand-over from what is in the table to the live tail: nothing missing, nothing twice, in order.</summary>
internal static class Resuming
{
    private const int Page = 500;

    /// <summary>
    /// Everything after a number that passes the filter, and then everything that comes; heartbeats in between. In portions,
    /// each of which goes out together.
    /// </summary>
    public static async IAsyncEnumerable<IReadOnlyList<Frame>> From(
        long position, EventFilter filter, Subscriber subscriber, IEventLog log, ILiveTail tail,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Up to the head first: the reader joins only when little is left, so that its queue does not fill while it catches up.
        var head = await log.HeadAsync(cancellationToken);
        await foreach (var page in Between(position, head, filter, log, cancellationToken))
        {
            yield return page;
        }
        position = Math.Max(position, head);

        var joined = await tail.JoinAsync(subscriber, cancellationToken);
        await foreach (var page in Between(position, joined, filter, log, cancellationToken))
        {
            yield return page;
        }
        position = Math.Max(position, joined);

        while (await subscriber.Frames.WaitToReadAsync(cancellationToken))
        {
            var waiting = new List<Frame>();
            while (waiting.Count < Page && subscriber.Frames.TryRead(out var frame))
            {
                // The tail may have been behind the head when the reader joined it.
                if (frame.Event is null || frame.Sequence > position)
                {
                    waiting.Add(frame);
                }
            }
            yield return waiting;
        }
    }

    private static async IAsyncEnumerable<IReadOnlyList<Frame>> Between(
        long after, long upTo, EventFilter filter, IEventLog log, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (after < upTo)
        {
            var events = await log.AfterAsync(after, upTo, filter, Page, cancellationToken);
            yield return [.. events.Select(Frame.Of)];
            after = events.Count < Page ? upTo : events[^1].Sequence;
        }
    }
}
