using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;

namespace AetherLink.Web.Live;

/// <summary>
/// Reads the Command Center's stream. Beside the events it gives the position that the stream opens with, an id without data,
/// which the framework's parser keeps to itself. A sample:
/// <code>
/// : connected
/// id: 41
///
/// id: 42
/// event: service.health.failed
/// data: {"tenant_id":"default"}
///
/// : moved deliveries=acme
/// </code>
/// </summary>
internal static class UpstreamEvents
{
    /// <summary>A heartbeat comes every 15 s: two missed ones, and some air.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(40);

    /// <summary>An event is at most 64 kB; a line that is longer than this is no event's.</summary>
    private const int LongestLine = 1 << 20;

    /// <summary>A position and, unless it is only that, an event; or, without a position, what is no event and nobody's to miss.</summary>
    internal readonly record struct Item(long? Sequence, LiveMessage? Message);

    /// <summary>What comes, as it comes. Throws when the stream falls silent.</summary>
    public static async IAsyncEnumerable<Item> ReadAsync(
        Stream stream, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream);
        var frame = new Frame();
        try
        {
            while (true)
            {
                var read = await ReadAsync(reader, clock, cancellationToken);
                var rest = read.Buffer;
                while (NextLine(ref rest, out var line))
                    if (frame.Take(line) is { } item)
                        yield return item;
                if (rest.Length > LongestLine)
                    throw new IOException($"A line of the stream is longer than {LongestLine} bytes.");
                reader.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted)
                    yield break;
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static async ValueTask<ReadResult> ReadAsync(PipeReader reader, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(Silence, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            return await reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"Nothing came for {Silence.TotalSeconds:0} s, not even a heartbeat.");
        }
    }

    private static bool NextLine(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is not { } end)
        {
            line = default;
            return false;
        }
        line = buffer.Slice(0, end);
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        return true;
    }

    /// <summary>The lines of one event, as they come.</summary>
    private sealed class Frame
    {
        private readonly ArrayBufferWriter<byte> _data = new();
        private string _type = "message";
        private long? _id;

        public Item? Take(ReadOnlySequence<byte> line)
        {
            var bytes = (line.IsSingleSegment ? line.FirstSpan : line.ToArray()).TrimEnd((byte)'\r');
            if (bytes.IsEmpty)
                return End();
            if (Value(bytes, "data:"u8, out var data))
                _data.Write(data);
            else if (Value(bytes, "event:"u8, out var type))
                _type = Encoding.UTF8.GetString(type);
            else if (Value(bytes, "id:"u8, out var id))
                _id = long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
                    ? sequence
                    : throw new IOException("The stream has an id that is not a number.");
            else if (Value(bytes, ": moved deliveries"u8, out var whose))
                return new(null, LiveMessage.Moved(whose.IsEmpty ? null : Uri.UnescapeDataString(Encoding.UTF8.GetString(whose[1..]))));
            return null;
        }

        private Item? End()
        {
            Item? item = _id is { } sequence
                ? new(sequence, _data.WrittenCount > 0 ? LiveMessage.Of(sequence, _type, _data.WrittenMemory) : null)
                : null;
            _data.ResetWrittenCount();
            _type = "message";
            _id = null;
            return item;
        }

        private static bool Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> field, out ReadOnlySpan<byte> value)
        {
            value = line.StartsWith(field) ? line[field.Length..] : default;
            if (value.StartsWith(" "u8))
                value = value[1..];
            return line.StartsWith(field);
        }
    }
}
