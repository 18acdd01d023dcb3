namespace AetherLink.ServiceDefaults;

/// <summary>
/// Writes lines behind those who have them, in their order: a thread of its own takes all that has gathered and writes it at once.
/// A line for itself would be a wake-up and a write each, which at a thousand requests a second is a sixth of what they cost.
/// Nobody waits for a reader that is slow: what there is no room for is dropped, counted, and told of by the next line that fits.
/// </summary>
internal sealed class LineWriter(Stream output, Func<long, ReadOnlyMemory<byte>> gap, Action<long> dropped) : IDisposable
{
    /// <summary>Some ten thousand lines: seconds in which nobody reads.</summary>
    internal const int MostBytes = 4 * 1024 * 1024;

    private const int UsualBytes = 64 * 1024;

    /// <summary>What comes so soon after a write is written together. The first line after a pause, and a complaint, do not wait.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);

    /// <summary>An end is not held up for longer by somebody who does not read.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // What one waits and is woken by; System.Threading.Lock has neither.
    private readonly object _gate = new();
    private byte[] _waiting = new byte[UsualBytes];
    private byte[] _written = new byte[UsualBytes];
    private int _filled;
    private long _lost;
    private long _asked;
    private long _taken;
    private long _flushed;
    private Thread? _thread;
    private bool _isIdle;
    private bool _isClosing;
    private bool _isClosed;

    /// <param name="line">With its end.</param>
    /// <param name="isUrgent">It is written now, with all before it.</param>
    public void Append(ReadOnlySpan<byte> line, bool isUrgent = false)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                WriteLate(line);
                return;
            }
            var notice = _lost > 0 ? gap(_lost).Span : default;
            if (_filled + notice.Length + line.Length > MostBytes)
            {
                _lost++;
                dropped(1);
                return;
            }
            Put(notice);
            Put(line);
            _lost = 0;
            if (isUrgent)
                _asked = _taken + 1;
            if (_thread is null)
                Start();
            else if (_isIdle || isUrgent)
                Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Returns when all lines so far are written, or nobody reads them.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (_thread is null || _isClosed)
                return;
            var until = _asked = _taken + 1;
            Monitor.PulseAll(_gate);
            while (_flushed < until && Monitor.Wait(_gate, Patience))
            {
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosing = true;
            Monitor.PulseAll(_gate);
        }
        _thread?.Join(Patience);
        lock (_gate)
        {
            if (!_isClosed && _filled > 0)
                WriteLate(_waiting.AsSpan(0, _filled));
            _isClosed = true;
        }
    }

    /// <summary>What is said after the end is written by whoever says it, unless a reader is what the end did not wait for.</summary>
    private void WriteLate(ReadOnlySpan<byte> lines)
    {
        if (_thread is not { IsAlive: true })
            Write(lines);
        else
            dropped(lines.Count((byte)'\n'));
    }

    private void Put(ReadOnlySpan<byte> line)
    {
        if (_filled + line.Length > _waiting.Length)
            Array.Resize(ref _waiting, Math.Min(MostBytes, Math.Max(2 * _waiting.Length, _filled + line.Length)));
        line.CopyTo(_waiting.AsSpan(_filled));
        _filled += line.Length;
    }

    private void Start()
    {
        _thread = new(Run) { IsBackground = true, Name = "log lines" };
        _thread.Start();
    }

    private void Run()
    {
        while (Take() is var length && (length > 0 || !_isClosing))
        {
            Write(_written.AsSpan(0, length));
            if (_written.Length > UsualBytes)
                _written = new byte[UsualBytes];
            lock (_gate)
            {
                _flushed = _taken;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private int Take()
    {
        lock (_gate)
        {
            if (_taken >= _asked && !_isClosing)
                Monitor.Wait(_gate, Gathering);
            _isIdle = true;
            while (_filled == 0 && _taken >= _asked && !_isClosing)
                Monitor.Wait(_gate);
            _isIdle = false;
            _taken++;
            (_waiting, _written, var length, _filled) = (_written, _waiting, _filled, 0);
            return length;
        }
    }

    private void Write(ReadOnlySpan<byte> lines)
    {
        try
        {
            output.Write(lines);
            output.Flush();
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            dropped(lines.Count((byte)'\n'));
        }
    }
}
