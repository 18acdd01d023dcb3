using System.Collections.Immutable;
using System.Threading.Channels;
using AetherLink.CommandCenter.Events.Querying;

namespace AetherLink.CommandCenter.Events.Streaming;

/// <summary>Where the live stream is joined.</summary>
internal interface ILiveTail
{
    /// <summary>Adds a reader; the answer is the number after which it gets everything.</summary>
    Task<long> JoinAsync(Subscriber subscriber, CancellationToken cancellationToken);
}

/// <summary>
/// The live tail: reads what was committed, by any replica, in the order of commits, encodes it once, and hands it to every
/// subscriber. It reads the table, because only the table has the order of all replicas. Nothing is read while nobody listens.
/// </summary>
internal sealed class EventFeed(IEventLog log, CommitSignal signal, EventMetrics metrics) : ILiveTail
{
    private const int Page = 500;

    /// <summary>In a burst, for those who do read, and were not given the processor to do it. A few pages later they are cut off.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    private readonly WakeUps _wakeUps = signal.Listen();
    private readonly Channel<(Subscriber Subscriber, TaskCompletionSource<long> Joined)> _joins =
        Channel.CreateUnbounded<(Subscriber, TaskCompletionSource<long>)>();

    private ImmutableList<Subscriber> _subscribers = [];
    private long _position;
    private DateTimeOffset? _lastReceivedAt;

    public int Subscribers => _subscribers.Count;

    public async Task<long> JoinAsync(Subscriber subscriber, CancellationToken cancellationToken)
    {
        var joined = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cancelled = cancellationToken.Register(() => joined.TrySetCanceled(cancellationToken));
        _joins.Writer.TryWrite((subscriber, joined));
        _wakeUps.Wake();
        return await joined.Task;
    }

    public void Leave(Subscriber subscriber) => ImmutableInterlocked.Update(ref _subscribers, list => list.Remove(subscriber));

    public void Heartbeat() => Offer([Frame.Heartbeat]);

    /// <summary>Tells those who may see them whose deliveries have moved on; null for all tenants'.</summary>
    public void Moved(IEnumerable<string?> tenants) => Offer([.. tenants.Select(Frame.Moved)]);

    /// <summary>Waits until something may have been committed, or somebody wants to join.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _wakeUps.WaitAsync(cancellationToken);

    /// <summary>Hands on everything that is there. One caller at a time.</summary>
    public async Task AdvanceAsync(CancellationToken cancellationToken)
    {
        bool more;
        do
        {
            await LetInAsync(cancellationToken);
            more = !_subscribers.IsEmpty && await HandOnAsync(cancellationToken);
        }
        while (more);
    }

    /// <summary>Lets those in who wait. Between two readings, so that each knows exactly from where it is served.</summary>
    private async Task LetInAsync(CancellationToken cancellationToken)
    {
        if (_joins.Reader.TryPeek(out _) && _subscribers.IsEmpty)
        {
            // Nobody was listening: what was committed meanwhile is nobody's to miss.
            _position = await log.HeadAsync(cancellationToken);
            _lastReceivedAt = null;
        }
        while (_joins.Reader.TryRead(out var waiting))
        {
            ImmutableInterlocked.Update(ref _subscribers, list => list.Add(waiting.Subscriber));
            if (!waiting.Joined.TrySetResult(_position))
            {
                Leave(waiting.Subscriber);
            }
        }
    }

    private async Task<bool> HandOnAsync(CancellationToken cancellationToken)
    {
        // The time only spares the older partitions: it never runs backwards along the numbers.
        var events = await log.AfterAsync(
            _position, long.MaxValue, EventFilter.All with { Since = _lastReceivedAt }, Page, cancellationToken);
        if (events.Count == 0)
        {
            return false;
        }
        Offer([.. events.Select(Frame.Of)]);
        (_position, _lastReceivedAt) = (events[^1].Sequence, events[^1].ReceivedAt);
        if (events.Count < Page)
        {
            return false;
        }
        if (_subscribers.Any(subscriber => subscriber.IsBehind))
        {
            await Task.Delay(Breath, cancellationToken);
        }
        return true;
    }

    private void Offer(IReadOnlyList<Frame> frames)
    {
        foreach (var subscriber in _subscribers)
        {
            if (!subscriber.Offer(frames))
            {
                Leave(subscriber);
                metrics.CutOff();
            }
        }
    }
}
