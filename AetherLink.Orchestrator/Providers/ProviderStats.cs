using AetherLink.Orchestrator.Routing;

namespace AetherLink.Orchestrator.Providers;

/// <summary>What is known of a provider from its own calls. It outlives a reload of the configuration.</summary>
internal sealed class ProviderStats
{
    // The last calls say how it is now; 256 make a p95 of a dozen samples.
    private const int Window = 256;

    // A quantile of the window is sorted out anew after so many calls; routing looks at it for every call.
    private const int Refresh = 16;

    // The typical latency follows a change within a dozen calls.
    private const double Smoothing = 0.1;

    private readonly Lock _lock = new();
    private readonly double[] _latencies = new double[Window];
    private long _total;
    private long _failed;
    private long _timed;
    private int _inFlight;
    private string? _lastError;
    private DateTimeOffset? _lastChecked;
    private bool _lastFailed;
    private double? _typicalMs;
    private double? _slowMs;

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>For routing: how quick good answers were, and the slowest twentieth of all.</summary>
    public Experience Experience
    {
        get
        {
            lock (_lock) return new(_typicalMs, _slowMs, _lastChecked, _lastFailed);
        }
    }

    /// <summary>False when there are so many calls in flight already. Whoever has started ends.</summary>
    public bool TryStart(int? most)
    {
        while (true)
        {
            var now = Volatile.Read(ref _inFlight);
            if (now >= most) return false;
            if (Interlocked.CompareExchange(ref _inFlight, now + 1, now) == now) return true;
        }
    }

    public void Ended() => Interlocked.Decrement(ref _inFlight);

    public void Succeeded(TimeSpan latency, DateTimeOffset now) => Note(latency, now, null);

    public void Failed(TimeSpan latency, DateTimeOffset now, string error) => Note(latency, now, error);

    /// <summary>
    /// It was not waited for any longer: somebody else was quicker, or the caller left. It would have taken more than this, which tells
    /// something only where it was quicker until now. Without it one that hangs beside a hedge would be as quick as ever.
    /// </summary>
    /// <param name="after">When it was given up.</param>
    /// <param name="bound">What it should take at most; of a provider that has not answered yet, less than that says nothing.</param>
    /// <param name="now">The present time.</param>
    public void GivenUp(TimeSpan after, TimeSpan? bound, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (!(after.TotalMilliseconds > (_slowMs ?? bound?.TotalMilliseconds))) return;
            _lastChecked = now;
            Time(after);
            if (_typicalMs is not { } typical || after.TotalMilliseconds > typical) Smooth(after);
        }
    }

    public Snapshot Read()
    {
        lock (_lock)
        {
            var sample = Sample();
            return new(_total, _failed, _inFlight, _lastError, _lastChecked, _lastFailed, Quantile(sample, 0.5), Quantile(sample, 0.95));
        }
    }

    private void Note(TimeSpan latency, DateTimeOffset now, string? error)
    {
        lock (_lock)
        {
            _total++;
            _lastChecked = now;
            _lastFailed = error is not null;
            Time(latency);
            if (error is null)
            {
                // A failure is often quick, and no measure of how quick an answer is.
                Smooth(latency);
                return;
            }
            _failed++;
            _lastError = error;
        }
    }

    private void Time(TimeSpan latency)
    {
        _latencies[_timed++ % Window] = latency.TotalMilliseconds;
        if (_timed <= Refresh || _timed % Refresh == 0) _slowMs = Quantile(Sample(), 0.95);
    }

    private void Smooth(TimeSpan latency) =>
        _typicalMs = _typicalMs is { } before ? before + Smoothing * (latency.TotalMilliseconds - before) : latency.TotalMilliseconds;

    private double[] Sample()
    {
        var sample = _latencies.AsSpan(0, (int)Math.Min(_timed, Window)).ToArray();
        Array.Sort(sample);
        return sample;
    }

    // Nearest rank.
    private static double? Quantile(double[] sorted, double q) => sorted.Length == 0
        ? null
        : Math.Round(sorted[Math.Max(0, (int)Math.Ceiling(q * sorted.Length) - 1)], 3);

    internal sealed record Snapshot(
        long Total, long Failed, int InFlight, string? LastError, DateTimeOffset? LastChecked, bool LastFailed, double? P50, double? P95);
}
