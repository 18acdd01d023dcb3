using AetherLink.CommandCenter.Events.Querying;

namespace AetherLink.CommandCenter.Events.Streaming;

/// <summary>Where a subscriber's frames go. One caller at a time.</summary>
internal interface IFrameSink
{
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Sends what was written; completes at once while the reader keeps up.</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken);

    /// <summary>Lets a flush end that waits for a reader who does not read.</summary>
    void GiveUp();
}

/// <summary>
/// One reader of the live tail, with a bounded queue of frames that it shares with all other readers. While it keeps up, whoever
/// offers a frame writes it: to wake a task for each of thousands of readers would take longer than to serve them.
/// </summary>
internal sealed class Subscriber(EventFilter filter, IFrameSink sink, Action cutOff)
{
    /// <summary>A reader this far behind is not reading: it is cut off, and resumes by its id.</summary>
    internal const int MostFramesWaiting = 4_096;

    /// <summary>A reader this much behind is not either. One page of large events may come on top of it: whoever reads must be able to take that.</summary>
    internal const int MostBytesWaiting = 8 * 1024 * 1024;

    /// <summary>Bytes; more would only wait in this process instead of in the socket.</summary>
    private const int FlushAbove = 64 * 1024;

    private enum State
    {
        /// <summary>What is offered waits until the reader has what came before.</summary>
        CatchingUp,
        Idle,
        Writing,
        Closed,
    }

    private readonly Lock _lock = new();
    private readonly Queue<Frame> _waiting = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _written;
    private long _bytesWaiting;
    private State _state = State.CatchingUp;
    private long _after;

    public bool IsBehind
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count > MostFramesWaiting / 2 || _bytesWaiting > MostBytesWaiting / 2;
            }
        }
    }

    /// <summary>Writes what came before it was live.</summary>
    public async Task CatchUpAsync(IReadOnlyList<Frame> frames, CancellationToken cancellationToken)
    {
        var unflushed = 0;
        foreach (var frame in frames)
        {
            sink.Write(frame.Bytes.Span);
            unflushed += frame.Bytes.Length;
            if (unflushed > FlushAbove)
            {
                await sink.FlushAsync(cancellationToken);
                unflushed = 0;
            }
        }
        await sink.FlushAsync(cancellationToken);
    }

    /// <summary>From now on it gets what is offered, and what was offered after this number; until it is cut off, or leaves.</summary>
    public async Task LiveAsync(long after, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_state is State.CatchingUp)
            {
                (_after, _state) = (after, State.Writing);
            }
        }
        Pump();
        await using var leaving = cancellationToken.Register(() => _ended.TrySetCanceled(cancellationToken));
        await _ended.Task;
    }

    /// <summary>Nothing is written any more once this is over.</summary>
    public async Task CloseAsync()
    {
        Task written;
        lock (_lock)
        {
            if (_state is not State.Writing)
            {
                _state = State.Closed;
                return;
            }
            _state = State.Closed;
            written = (_written = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
        sink.GiveUp();
        await written;
    }

    /// <summary>False when the reader's queue is full; it is cut off then.</summary>
    public bool Offer(IReadOnlyList<Frame> frames)
    {
        lock (_lock)
        {
            if (_state is State.Closed)
            {
                return true;
            }
            if (!TryEnqueue(frames))
            {
                if (_ended.TrySetResult())
                {
                    cutOff();
                }
                return false;
            }
            if (_state is not State.Idle || _waiting.Count == 0)
            {
                return true;
            }
            _state = State.Writing;
        }
        Pump();
        return true;
    }

    private bool TryEnqueue(IReadOnlyList<Frame> frames)
    {
        var isFull = _bytesWaiting > MostBytesWaiting;
        for (var index = 0; index < frames.Count; index++)
        {
            if (!IsFor(frames[index]))
            {
                continue;
            }
            if (isFull || _waiting.Count == MostFramesWaiting)
            {
                return false;
            }
            _waiting.Enqueue(frames[index]);
            _bytesWaiting += frames[index].Bytes.Length;
        }
        return true;
    }

    private bool IsFor(Frame frame) => frame.Event is { } stored
        ? filter.MatchesLive(stored)
        : frame.TenantId is null || filter.TenantId is null || frame.TenantId == filter.TenantId;

    /// <summary>Writes what waits, until nothing does. Only whoever made the state <see cref="State.Writing"/> calls it.</summary>
    private void Pump()
    {
        try
        {
            while (TryWritePortion())
            {
                var flush = sink.FlushAsync(CancellationToken.None);
                if (!flush.IsCompletedSuccessfully)
                {
                    _ = GoOnAfterAsync(flush);
                    return;
                }
            }
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    private async Task GoOnAfterAsync(ValueTask flush)
    {
        try
        {
            await flush;
        }
        catch (Exception failure)
        {
            Fail(failure);
            return;
        }
        Pump();
    }

    /// <summary>False when nothing waits any more, or nothing may be written any more.</summary>
    private bool TryWritePortion()
    {
        for (var bytes = 0; bytes <= FlushAbove;)
        {
            Frame? frame;
            lock (_lock)
            {
                if (_state is State.Closed)
                {
                    _written?.TrySetResult();
                    return false;
                }
                if (!_waiting.TryDequeue(out frame))
                {
                    _state = bytes == 0 ? State.Idle : State.Writing;
                    return bytes > 0;
                }
                _bytesWaiting -= frame.Bytes.Length;
            }
            // The tail may have been behind the head when the reader joined it.
            if (frame.Event is null || frame.Sequence > _after)
            {
                sink.Write(frame.Bytes.Span);
                bytes += frame.Bytes.Length;
            }
        }
        return true;
    }

    /// <summary>Whoever waits in <see cref="LiveAsync"/> hears of it; the feed goes on for the others.</summary>
    private void Fail(Exception failure)
    {
        lock (_lock)
        {
            _state = State.Closed;
            _written?.TrySetResult();
        }
        _ended.TrySetException(failure);
    }
}
