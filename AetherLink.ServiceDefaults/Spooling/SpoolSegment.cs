using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace AetherLink.ServiceDefaults;

/// <summary>A file of a spool, read.</summary>
internal static class SpoolSegment
{
    /// <summary>Reads until the target is full or the file ends.</summary>
    public static int Read(SafeFileHandle handle, Span<byte> target, long offset)
    {
        var total = 0;
        while (total < target.Length && RandomAccess.Read(handle, target[total..], offset + total) is > 0 and var read)
            total += read;
        return total;
    }

    /// <summary>Counts the whole records from a position on, up to another or the first that is not whole.</summary>
    public static (long Count, long End) Scan(string file, long start, long from, long until)
    {
        using var stream = new FileStream(
            file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1 << 16);
        if (from > until)
            return (0, from);
        stream.Position = from - start;
        var (count, record) = (0L, ArrayPool<byte>.Shared.Rent(SpooledRecord.MaxBytes));
        while (from < until && ReadWhole(stream, record) is > 0 and var whole)
            (count, from) = (count + 1, from + whole);
        ArrayPool<byte>.Shared.Return(record);
        return (count, from);
    }

    private static int ReadWhole(FileStream stream, Span<byte> record)
    {
        const int Head = SpooledRecord.HeadBytes;
        if (stream.ReadAtLeast(record[..Head], Head, throwOnEndOfStream: false) < Head)
            return 0;
        var body = BinaryPrimitives.ReadUInt32LittleEndian(record);
        if (body is 0 or > SpooledRecord.MaxBytes - Head)
            return 0;
        var read = stream.ReadAtLeast(record.Slice(Head, (int)body), (int)body, throwOnEndOfStream: false);
        return SpooledRecord.WholeLength(record[..(Head + read)]);
    }
}
