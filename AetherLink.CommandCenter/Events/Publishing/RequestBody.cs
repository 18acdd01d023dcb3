using System.Buffers;
using Microsoft.Net.Http.Headers;

namespace AetherLink.CommandCenter.Events.Publishing;

/// <summary>What a body claims to be.</summary>
internal enum BodyKind
{
    Unknown,
    Json,
    CloudEvent,
    CloudEventBatch,
    Lines,
}

/// <summary>How the reading of a body ended.</summary>
internal enum BodyOutcome
{
    Read,
    TooLarge,

    /// <summary>Too much of other requests is being read at once.</summary>
    NoRoom,
}

/// <summary>The body of a request, bounded, in memory that goes back when it is disposed of.</summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>Bytes; most bodies fit in it. A larger one takes more as it comes, and not as it says: what is not sent costs nothing.</summary>
    private const int First = 4 * 1024;

    private const int Growth = 4;

    private readonly ReadingRoom _room;
    private byte[] _buffer = [];
    private int _length;
    private int _taken;

    private RequestBody(ReadingRoom room) => _room = room;

    public BodyOutcome Outcome { get; private set; }

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    public static BodyKind Kind(HttpRequest request) =>
        !MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? BodyKind.Unknown : type.MediaType.Value?.ToLowerInvariant() switch
        {
            "application/json" or "text/json" => BodyKind.Json,
            "application/cloudevents+json" => BodyKind.CloudEvent,
            "application/cloudevents-batch+json" => BodyKind.CloudEventBatch,
            "application/x-ndjson" or "application/ndjson" or "application/jsonl" or "application/x-jsonlines" => BodyKind.Lines,
            _ => BodyKind.Unknown,
        };

    public static async Task<RequestBody> ReadAsync(HttpRequest request, int limit, ReadingRoom room, CancellationToken cancellationToken)
    {
        var body = new RequestBody(room);
        try
        {
            body.Outcome = request.ContentLength > limit ? BodyOutcome.TooLarge : await body.FillAsync(request.Body, limit, cancellationToken);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _room.GiveBack(_taken);
        _taken = 0;
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private async Task<BodyOutcome> FillAsync(Stream from, int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_length == _taken && _length < limit && !TryGrow(Math.Min(limit, Math.Max(First, _taken * Growth))))
            {
                return BodyOutcome.NoRoom;
            }
            // With all of it read, one byte more tells whether there is more than may be.
            var into = _length < _taken ? _buffer.AsMemory(_length, _taken - _length) : new byte[1];
            var read = await from.ReadAsync(into, cancellationToken);
            if (read == 0)
            {
                return BodyOutcome.Read;
            }
            if (_length == _taken)
            {
                return BodyOutcome.TooLarge;
            }
            _length += read;
        }
    }

    private bool TryGrow(int size)
    {
        if (!_room.TryTake(size - _taken))
        {
            return false;
        }
        var larger = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
        (_buffer, _taken) = (larger, size);
        return true;
    }
}
