using Microsoft.Win32.SafeHandles;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// The files of a spool's records, each named after the position of its first byte: the last one is written to, and those before the
/// position are removed. Used under its spool's lock, but for <see cref="DropPassed"/>, which is the one reader's.
/// </summary>
internal sealed class SpoolSegments : IDisposable
{
    private readonly SpoolFolder _folder;
    private readonly long _segmentBytes;
    private readonly List<long> _starts;

    /// <summary>Of the one reader: to be removed.</summary>
    private readonly Queue<long> _passed = new();

    private SafeFileHandle _tail;

    /// <param name="folder">Where they are.</param>
    /// <param name="segmentBytes">After how many a new one begins.</param>
    public SpoolSegments(SpoolFolder folder, long segmentBytes)
    {
        (_folder, _segmentBytes, _starts) = (folder, segmentBytes, folder.Segments());
        Position = Math.Max(folder.ReadPosition() ?? 0, _starts.FirstOrDefault());
        Pass(Position);
        DropPassed();
        (_tail, End) = OpenTail();
    }

    /// <summary>Up to here records were handed on, as it was kept when they were opened.</summary>
    public long Position { get; }

    /// <summary>How many records were there after the position.</summary>
    public long Count { get; private set; }

    /// <summary>The bytes of an unfinished record that were found at the end, and dropped.</summary>
    public long TornBytes { get; private set; }

    public long End { get; private set; }

    /// <exception cref="IOException">The disk does not take it.</exception>
    public void Append(ReadOnlySpan<byte> record)
    {
        if (End - _starts[^1] >= _segmentBytes)
            Roll();
        try
        {
            RandomAccess.Write(_tail, record, End - _starts[^1]);
        }
        catch (IOException)
        {
            // A part of it may be in the file. A reader goes only up to the next segment's start, so it never sees that part.
            Roll();
            throw;
        }
        End += record.Length;
    }

    /// <summary>The segment that has a position, and up to where it may be read.</summary>
    public (long Start, long Until) At(long position)
    {
        var index = _starts.FindLastIndex(start => start <= position);
        return (_starts[index], index + 1 < _starts.Count ? _starts[index + 1] : End);
    }

    /// <summary>Nobody reads before this any more.</summary>
    public void Pass(long position)
    {
        while (_starts.Count > 1 && _starts[1] <= position)
        {
            _passed.Enqueue(_starts[0]);
            _starts.RemoveAt(0);
        }
    }

    /// <summary>One that cannot be removed now is tried again with the next, and else at the next start.</summary>
    public void DropPassed()
    {
        while (_passed.TryPeek(out var segment))
        {
            try
            {
                File.Delete(_folder.Segment(segment));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return;
            }
            _passed.Dequeue();
        }
    }

    public void Dispose() => _tail.Dispose();

    private void Roll()
    {
        if (_starts[^1] == End)
        {
            RandomAccess.SetLength(_tail, 0);
            return;
        }
        var next = _folder.OpenSegment(End);
        _tail.Dispose();
        _tail = next;
        _starts.Add(End);
    }

    private (SafeFileHandle Tail, long End) OpenTail()
    {
        if (_starts.Count == 0)
            _starts.Add(Position);

        for (var i = 0; i < _starts.Count - 1; i++)
            Count += Scan(_starts[i], _starts[i + 1]).Count;

        var tail = _folder.OpenSegment(_starts[^1]);
        var length = _starts[^1] + RandomAccess.GetLength(tail);
        var (count, end) = Scan(_starts[^1], length);
        Count += count;
        TornBytes = Math.Max(0, length - end);
        RandomAccess.SetLength(tail, Math.Max(0, Math.Min(length, end) - _starts[^1]));
        if (Position <= length)
            return (tail, end);

        // The machine died with more handed on than the disk had: go on after it, so that no position is used twice.
        tail.Dispose();
        _starts.Add(Position);
        return (_folder.OpenSegment(Position), Position);
    }

    private (long Count, long End) Scan(long segment, long until) =>
        SpoolSegment.Scan(_folder.Segment(segment), segment, Math.Max(Position, segment), until);
}
