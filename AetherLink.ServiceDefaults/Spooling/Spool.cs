using System.Buffers;
using Microsoft.Win32.SafeHandles;

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
    private readonly List<long> _segments;

    /// <summary>Of the one reader: to be removed.</summary>
    private readonly Queue<long> _handedOn = new();

    private SafeFileHandle _tail;
    private long _position;
    private long _end;
    private long _pending;
    private long _reserved;
    private bool _closed;

    private Spool(SpoolFolder folder, SpoolLimits limits)
    {
        (_folder, _limits) = (folder, limits);
        _segments = folder.Segments();
        _position = Math.Max(folder.ReadPosition() ?? 0, _segments.FirstOrDefault());
        PassHandedOn();
        DropHandedOn();
        (_tail, _end) = OpenTail();
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
                return _end - _position;
        }
    }

    /// <summary>The bytes of an unfinished record that were found at the end, and dropped.</summary>
    public long TornBytes { get; private set; }

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
            var index = _segments.FindLastIndex(start => start <= from);
            segment = _segments[index];
            until = index + 1 < _segments.Count ? _segments[index + 1] : _end;
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
            _pending = next == _end ? 0 : Math.Max(0, _pending - count);
            PassHandedOn();
        }
        var isKept = TryKeep(next);
        // Also when the disk is full, and then all the more: it may be these files that fill it.
        DropHandedOn();
        return isKept || TryKeep(next);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _tail.Dispose();
            _folder.Dispose();
        }
    }

    private bool HasRoom(int bytes) => !_closed && _end - _position + _reserved + bytes <= _limits.MaxBytes;

    private bool Append(ReadOnlySpan<byte> record)
    {
        if (!HasRoom(record.Length))
            return false;
        if (_end - _segments[^1] >= _limits.SegmentBytes)
            Roll();
        try
        {
            RandomAccess.Write(_tail, record, _end - _segments[^1]);
        }
        catch (IOException)
        {
            // A part of it may be in the file. A reader goes only up to the next segment's start, so it never sees that part.
            Roll();
            throw;
        }
        _end += record.Length;
        _pending++;
        return true;
    }

    private void Roll()
    {
        if (_segments[^1] == _end)
        {
            RandomAccess.SetLength(_tail, 0);
            return;
        }
        var next = _folder.OpenSegment(_end);
        _tail.Dispose();
        _tail = next;
        _segments.Add(_end);
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

    private void PassHandedOn()
    {
        while (_segments.Count > 1 && _segments[1] <= _position)
        {
            _handedOn.Enqueue(_segments[0]);
            _segments.RemoveAt(0);
        }
    }

    /// <summary>One that cannot be removed now is tried again with the next, and else at the next start.</summary>
    private void DropHandedOn()
    {
        while (_handedOn.TryPeek(out var segment))
        {
            try
            {
                File.Delete(_folder.Segment(segment));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return;
            }
            _handedOn.Dequeue();
        }
    }

    private (SafeFileHandle Tail, long End) OpenTail()
    {
        if (_segments.Count == 0)
            _segments.Add(_position);

        for (var i = 0; i < _segments.Count - 1; i++)
            _pending += ScanSegment(_segments[i], _segments[i + 1]).Count;

        var tail = _folder.OpenSegment(_segments[^1]);
        var length = _segments[^1] + RandomAccess.GetLength(tail);
        var (count, end) = ScanSegment(_segments[^1], length);
        _pending += count;
        TornBytes = Math.Max(0, length - end);
        RandomAccess.SetLength(tail, Math.Max(0, Math.Min(length, end) - _segments[^1]));
        if (_position <= length)
            return (tail, end);

        // The machine died with more handed on than the disk had: go on after it, so that no position is used twice.
        tail.Dispose();
        _segments.Add(_position);
        return (_folder.OpenSegment(_position), _position);
    }

    private (long Count, long End) ScanSegment(long segment, long until) =>
        SpoolSegment.Scan(_folder.Segment(segment), segment, Math.Max(_position, segment), until);
}
