using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AetherLink.LoadGenerator.Measuring;

namespace AetherLink.LoadGenerator.Http;

/// <summary>Many subscribers of an event stream. Each notes when it saw which event, by the number in the event's id.</summary>
internal sealed class SseListeners : IDisposable
{
    private const int BufferBytes = 4 * 1024;
    private const int DigitsOfNumber = 8;

    private readonly List<Socket> _sockets = [];
    private volatile Arrivals? _arrivals;

    public static async Task<SseListeners> ConnectAsync(IPEndPoint server, string path, int count, CancellationToken cancellationToken)
    {
        var listeners = new SseListeners();
        var request = RequestBytes.Get(server, path, "text/event-stream");
        foreach (var wave in Enumerable.Range(0, count).Chunk(100))
        {
            await Task.WhenAll(wave.Select(_ => listeners.ConnectOneAsync(server, request, cancellationToken)));
        }
        return listeners;
    }

    /// <summary>From now on events are noted whose id begins with this mark and a hyphen.</summary>
    public Arrivals Begin(string mark, TimeSpan duration, double perSecond) =>
        _arrivals = new(Encoding.ASCII.GetBytes($"\"event_id\":\"{mark}-"), (int)Math.Ceiling(perSecond * duration.TotalSeconds), _sockets.Count);

    /// <summary>When the events were due to be published.</summary>
    public void DueAt(long[] due) => _arrivals!.Due = due;

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    private async Task ConnectOneAsync(IPEndPoint server, byte[] request, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        lock (_sockets)
        {
            _sockets.Add(socket);
        }
        await socket.ConnectAsync(server, cancellationToken);
        await socket.SendAsync(request, cancellationToken);
        var buffer = new byte[BufferBytes];
        // The first comment: it is connected, and misses nothing from here on.
        var read = await socket.ReceiveAsync(buffer, cancellationToken);
        if (!buffer.AsSpan(0, read).StartsWith("HTTP/1.1 200"u8))
        {
            throw new InvalidOperationException($"A subscriber was refused: {Encoding.UTF8.GetString(buffer, 0, Math.Min(read, 300))}");
        }
        _ = ListenAsync(socket, buffer);
    }

    private async Task ListenAsync(Socket socket, byte[] buffer)
    {
        var kept = 0;
        try
        {
            int read;
            while ((read = await socket.ReceiveAsync(buffer.AsMemory(kept))) > 0)
            {
                kept = Note(buffer.AsSpan(0, kept + read));
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The end of the run; what is missing is counted.
        }
    }

    /// <returns>How many bytes of the end were kept, at the front: they may be the beginning of an id.</returns>
    private int Note(Span<byte> bytes)
    {
        var now = Clock.Now;
        var arrivals = _arrivals;
        var mark = arrivals is null ? default : arrivals.Mark.AsSpan();
        var rest = bytes;
        int at;
        while (mark.Length > 0 && (at = rest.IndexOf(mark)) >= 0 && rest.Length >= at + mark.Length + DigitsOfNumber)
        {
            if (Utf8Parser.TryParse(rest.Slice(at + mark.Length, DigitsOfNumber), out int number, out _))
            {
                arrivals!.Note(number, now);
            }
            rest = rest[(at + mark.Length + DigitsOfNumber)..];
        }
        var keep = Math.Min(rest.Length, mark.Length + DigitsOfNumber);
        rest[^keep..].CopyTo(bytes);
        return keep;
    }

    /// <summary>Which event was seen when. The times it was due become known only afterwards.</summary>
    internal sealed class Arrivals(byte[] mark, int events, int listeners)
    {
        private readonly long[][] _seen = [.. Enumerable.Range(0, events).Select(_ => new long[listeners])];
        private readonly int[] _count = new int[events];

        public byte[] Mark => mark;

        public long[] Due { get; set; } = [];

        public long Seen => _count.Sum(count => (long)count);

        public void Note(int number, long at)
        {
            var place = Interlocked.Increment(ref _count[number]) - 1;
            if (place < listeners)
            {
                _seen[number][place] = at;
            }
        }

        public Histogram Histogram()
        {
            var histogram = new Histogram();
            for (var number = 0; number < events; number++)
            {
                foreach (var at in _seen[number].Where(at => at > 0))
                {
                    histogram.Record(at - Due[number]);
                }
            }
            return histogram;
        }
    }
}
