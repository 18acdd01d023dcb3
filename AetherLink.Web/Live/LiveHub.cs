namespace AetherLink.Web.Live;

/// <summary>
/// The newest events in memory, and the browsers that listen. What a reader has missed and what it will get are decided under
/// one lock, so that nothing falls between.
/// </summary>
internal sealed class LiveHub
{
    /// <summary>Some minutes at fifty events a second: enough for a reconnect, and for a page that is loaded again.</summary>
    private const int MostEvents = 4_096;

    /// <summary>Events of 64 kB each must not make 256 MB of it.</summary>
    private const long MostBytes = 16 << 20;

    private readonly Lock _gate = new();
    private readonly Queue<LiveMessage> _ring = new();
    private readonly HashSet<LiveReader> _readers = [];
    private long _bytes;
    private long? _floor;
    private bool? _connected;

    /// <summary>The newest number that the gateway has seen; null before the first connection.</summary>
    public long? Position { get; private set; }

    public int Readers
    {
        get
        {
            lock (_gate)
                return _readers.Count;
        }
    }

    /// <summary>Whether the ring has everything after this number.</summary>
    public bool Reaches(long sequence)
    {
        lock (_gate)
            return sequence >= _floor;
    }

    /// <summary>The Command Center is heard, from this number on.</summary>
    public void Opened(long sequence)
    {
        lock (_gate)
        {
            _floor ??= sequence;
            if (Position is null)
            {
                Position = sequence;
                Send(LiveMessage.Position(sequence));
            }
            Tell(connected: true);
        }
    }

    /// <summary>The Command Center is not heard any more. False when that was known.</summary>
    public bool Lost()
    {
        lock (_gate)
            return Tell(connected: false);
    }

    /// <summary>The Command Center does not know our position: another database. Everybody starts over.</summary>
    public void StartOver()
    {
        lock (_gate)
        {
            _ring.Clear();
            _bytes = 0;
            _floor = null;
            Position = null;
            Send(LiveMessage.Reset);
        }
    }

    public void Publish(LiveMessage message)
    {
        lock (_gate)
        {
            // A resumed stream may begin with what has been seen.
            if (message.Sequence is not { } sequence || sequence <= Position)
                return;
            _floor ??= sequence - 1;
            Position = sequence;
            _ring.Enqueue(message);
            _bytes += message.Bytes.Length;
            while (_ring.Count > MostEvents || _bytes > MostBytes)
            {
                var oldest = _ring.Dequeue();
                _bytes -= oldest.Bytes.Length;
                _floor = oldest.Sequence;
            }
            Send(message);
        }
    }

    /// <summary>Hands on what is no event: whoever is not there misses nothing.</summary>
    public void Pass(LiveMessage? message)
    {
        lock (_gate)
            if (message is not null)
                Send(message);
    }

    /// <summary>
    /// A reader that begins after a number, or at the newest one. It has everything after that number that the ring has, and
    /// from now on everything that comes. Null when the ring does not reach back to the number.
    /// </summary>
    public LiveReader? Join(string? tenant, long? after)
    {
        lock (_gate)
        {
            if (after < _floor || (after is not null && _floor is null))
                return null;

            var reader = new LiveReader(tenant);
            reader.Offer(LiveMessage.State(_connected is true));
            if (after > Position)
                reader.Offer(LiveMessage.Reset);
            if ((after is null || after > Position) && Position is { } newest)
                reader.Offer(LiveMessage.Position(newest));
            if (after is { } seen)
                reader.Missed = [.. _ring.Where(message => message.Sequence > seen && message.IsFor(tenant))];
            _readers.Add(reader);
            return reader;
        }
    }

    /// <summary>
    /// What is other tenants' has gone by without a word to the reader: it is told how far the feed is, so that it resumes there, and not
    /// where its own last event was. In its queue, behind all that comes before.
    /// </summary>
    public void TellPosition(LiveReader reader)
    {
        lock (_gate)
        {
            if (Position is { } position && reader.ToldPosition != position)
            {
                reader.ToldPosition = position;
                reader.Offer(LiveMessage.Position(position));
            }
        }
    }

    public void Leave(LiveReader reader)
    {
        lock (_gate)
            _readers.Remove(reader);
    }

    private bool Tell(bool connected)
    {
        if (_connected == connected)
            return false;
        _connected = connected;
        Send(LiveMessage.State(connected));
        return true;
    }

    private void Send(LiveMessage message) => _readers.RemoveWhere(reader => !reader.Offer(message));
}
