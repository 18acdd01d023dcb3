using System.Buffers;

namespace AetherLink.ServiceDefaults;

/// <summary>What was read: the records, and the position to advance to once they are handed on.</summary>
internal readonly record struct SpoolBatch(IReadOnlyList<SpooledRecord> Records, long Next);

/// <summary>
/// A queue in files. Records are appended to segments, each named after the position of its first byte in the whole queue;
/// the file <c>position</c> says up to where they were handed on. An append is in the kernel's page cache when it returns: it
/// survives the death of the process, though not of the machine. Appended to by many, read by one.
/// </summary>
internal sealed class Spool : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SpoolFolder _folder;
    private readonly SpoolLimits _limits;
    private readonly SpoolSegments _segments;
    private long _position;
    private long _pending;
    private long _reserved;
    private bool _closed;

    private Spool(SpoolFolder folder, SpoolLimits limits)
    {
        (_folder, _limits, _segments) = (folder, limits, new(folder, limits.SegmentBytes));
        (_position, _pending, TornBytes) = (_segments.Position, _segments.Count, _segments.TornBytes);
    }

    public long Pending => Interlocked.Read(ref _pending);

    /// <summary>Up to here records were handed on.</summary>
    public long Position
    {
        get
        {
            lock (_gate)
                return _position;
        }
    }

    public long PendingBytes
    {
        get
        {
            lock (_gate)
                return _segments.End - _position;
        }
    }

    /// <summary>The bytes of an unfinished record that were found at the end, and dropped.</summary>
    public long TornBytes { get; }

    /// <summary>Opens the folder for this process alone.</summary>
    /// <exception cref="IOException">Another process has it open.</exception>
    public static Spool Open(string folder, SpoolLimits limits)
    {
        var files = SpoolFolder.Open(folder);
        try
        {
            return new(files, limits);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Keeps room for a record that is appended later. False when there is none.</summary>
    public bool TryReserve(int bytes)
    {
        lock (_gate)
        {
            if (!HasRoom(bytes))
                return false;
            _reserved += bytes;
            return true;
        }
    }

    /// <summary>False when the spool is full, closed, or the record larger than a spool takes.</summary>
    /// <param name="key">Whose records stay in order.</param>
    /// <param name="value">What is kept.</param>
    /// <param name="headers">What is said of it.</param>
    /// <param name="reserved">What was reserved for it: used up now, whatever the answer.</param>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public bool TryAppend(string key, ReadOnlySpan<byte> value, IReadOnlyDictionary<string, string> headers, int reserved = 0)
    {
        var size = SpooledRecord.SizeOf(key, value, headers);
        if (size > SpooledRecord.MaxBytes)
        {
            lock (_gate)
                _reserved -= reserved;
            return false;
        }
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            SpooledRecord.Write(buffer.AsSpan(0, size), key, value, headers);
            lock (_gate)
            {
                _reserved -= reserved;
                return Append(buffer.AsSpan(0, size));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Records from the position on, in order; none when all are handed on.</summary>
    public SpoolBatch Read(int most)
    {
        var records = new List<SpooledRecord>();
        long segment, from, until;
        lock (_gate)
        {
            from = _position;
            (segment, until) = _segments.At(from);
        }
        if (from == until)
            return new(records, from);

        using var handle = File.OpenHandle(_folder.Segment(segment), share: FileShare.ReadWrite | FileShare.Delete);
        var length = (int)Math.Min(until - from, Math.Max(_limits.ReadBytes, SpooledRecord.MaxBytes));
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var rest = buffer.AsSpan(0, SpoolSegment.Read(handle, buffer.AsSpan(0, length), from - segment));
            while (records.Count < most && SpooledRecord.WholeLength(rest) is > 0 and var whole)
            {
                records.Add(SpooledRecord.Read(rest[..whole]));
                from += whole;
                rest = rest[whole..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        // Nothing readable before the segment's end: the disk lost it. What follows in later segments is still good.
        return new(records, records.Count == 0 ? until : from);
    }

    /// <summary>
    /// Everything before <paramref name="next"/> has been handed on, whatever the disk says to it. No append waits for that disk.
    /// </summary>
    /// <returns>False when the disk does not take that: after this process' death some of it is handed on once more.</returns>
    public bool Advance(long next, int count)
    {
        lock (_gate)
        {
            _position = next;
            _pending = next == _segments.End ? 0 : Math.Max(0, _pending - count);
            _segments.Pass(next);
        }
        var isKept = TryKeep(next);
        // Also when the disk is full, and then all the more: it may be these files that fill it.
        _segments.DropPassed();
        return isKept || TryKeep(next);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _segments.Dispose();
            _folder.Dispose();
        }
    }

    private bool HasRoom(int bytes) => !_closed && _segments.End - _position + _reserved + bytes <= _limits.MaxBytes;

    private bool Append(ReadOnlySpan<byte> record)
    {
        if (!HasRoom(record.Length))
            return false;
        _segments.Append(record);
        _pending++;
        return true;
    }

    private bool TryKeep(long position)
    {
        try
        {
            _folder.WritePosition(position);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
