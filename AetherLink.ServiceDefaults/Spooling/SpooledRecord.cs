using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// A record of a spool, and its bytes:
/// <code>
/// u32 length of the body | u32 CRC-32C of the body | body
/// body: text key | u16 count, then that many: text name, text value | the value, to the end
/// text: u16 length, UTF-8
/// </code>
/// All little endian. Length and checksum together tell a whole record from one that a kill left unfinished.
/// </summary>
internal sealed record SpooledRecord(string Key, byte[] Value, IReadOnlyDictionary<string, string> Headers)
{
    public const int HeadBytes = 8;

    /// <summary>Kafka's own default bound for a message is 1,048,588 bytes; this leaves its framing some room.</summary>
    public const int MaxBytes = 1_000_000;

    public static int SizeOf(string key, ReadOnlySpan<byte> value, IReadOnlyDictionary<string, string> headers)
    {
        var size = HeadBytes + TextSize(key) + sizeof(ushort) + value.Length;
        foreach (var (name, text) in headers)
            size += TextSize(name) + TextSize(text);
        return size;
    }

    public static void Write(
        Span<byte> target, string key, ReadOnlySpan<byte> value, IReadOnlyDictionary<string, string> headers)
    {
        var rest = WriteText(target[HeadBytes..], key);
        BinaryPrimitives.WriteUInt16LittleEndian(rest, checked((ushort)headers.Count));
        rest = rest[sizeof(ushort)..];
        foreach (var (name, text) in headers)
            rest = WriteText(WriteText(rest, name), text);
        value.CopyTo(rest);

        var body = target[HeadBytes..];
        BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], Checksum(body));
    }

    /// <summary>The length of the record that begins here, head and body; 0 when it is not whole.</summary>
    public static int WholeLength(ReadOnlySpan<byte> source)
    {
        if (source.Length < HeadBytes)
            return 0;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(source);
        if (length is 0 or > MaxBytes - HeadBytes || length > source.Length - HeadBytes)
            return 0;
        var body = source.Slice(HeadBytes, (int)length);
        return BinaryPrimitives.ReadUInt32LittleEndian(source[4..]) == Checksum(body) ? HeadBytes + (int)length : 0;
    }

    /// <summary>Reads a record that is whole.</summary>
    public static SpooledRecord Read(ReadOnlySpan<byte> record)
    {
        var rest = ReadText(record[HeadBytes..], out var key);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(rest);
        rest = rest[sizeof(ushort)..];
        var headers = new Dictionary<string, string>(count, StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            rest = ReadText(ReadText(rest, out var name), out var text);
            headers[name] = text;
        }
        return new(key, rest.ToArray(), headers);
    }

    private static int TextSize(string text) => sizeof(ushort) + Encoding.UTF8.GetByteCount(text);

    private static Span<byte> WriteText(Span<byte> target, string text)
    {
        var length = Encoding.UTF8.GetBytes(text, target[sizeof(ushort)..]);
        BinaryPrimitives.WriteUInt16LittleEndian(target, checked((ushort)length));
        return target[(sizeof(ushort) + length)..];
    }

    private static ReadOnlySpan<byte> ReadText(ReadOnlySpan<byte> source, out string text)
    {
        var length = BinaryPrimitives.ReadUInt16LittleEndian(source);
        text = Encoding.UTF8.GetString(source.Slice(sizeof(ushort), length));
        return source[(sizeof(ushort) + length)..];
    }

    private static uint Checksum(ReadOnlySpan<byte> body)
    {
        var checksum = uint.MaxValue;
        for (; body.Length >= sizeof(ulong); body = body[sizeof(ulong)..])
            checksum = BitOperations.Crc32C(checksum, BinaryPrimitives.ReadUInt64LittleEndian(body));
        foreach (var octet in body)
            checksum = BitOperations.Crc32C(checksum, octet);
        return ~checksum;
    }
}
