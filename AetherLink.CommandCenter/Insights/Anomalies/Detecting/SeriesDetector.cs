namespace AetherLink.CommandCenter.Insights.Anomalies.Detecting;

/// <summary>
/// The anomaly detector of one series: each point is judged from those before it, in constant time and memory, with no setting
/// of the series' own. A seasonal baseline foresees the value; the residual is averaged over a few scales; each average is held
/// against its own history, first by rank and then by how often an event as large has come before; and a gate lets an anomaly
/// speak once. docs/anomalies.md says why, and what else was tried.
/// </summary>
internal sealed class SeriesDetector
{
    private const byte Version = 1;

    // So many late points in a row, and it is the clock that was set back.
    private const int ClockSetBack = 10;

    // What is larger no single-precision sum holds.
    private const double Largest = 1e30;

    private readonly SeasonalBaseline _baseline = new();
    private readonly Channel _drift = new(DetectorSettings.UsualDrift);
    private readonly Channel _burst = new(DetectorSettings.UsualBurst);
    private readonly PeakGate _gate = new();
    private readonly Persistence _persistence = new();
    private readonly double[] _bursts = new double[DetectorSettings.BurstPoints.Length];
    private double _drifting;
    private long _points;
    private long _last = long.MinValue;
    private int _late;

    /// <summary>Judges a point, and learns it. A late one, and one without a value, is neither: it has no score.</summary>
    public Detection Observe(DateTimeOffset at, double value)
    {
        if (!double.IsFinite(value) || IsLate(at))
        {
            return Detection.Skipped;
        }
        var since = _last == long.MinValue ? (TimeSpan?)null : TimeSpan.FromTicks(Math.Max(0, at.UtcTicks - _last));
        (_last, _late) = (at.UtcTicks, 0);
        var residual = _baseline.Next(at, Math.Clamp(value, -Largest, Largest), since);
        _points++;
        var drift = _drift.Next(Drift(residual.Plain) / residual.Deviation);
        var burst = _burst.Next(Burst(residual.InDeviations));
        var excess = Math.Max(drift.Excess, burst.Excess);
        var standing = _persistence.Next(at, excess);
        return new(
            Scaled(Math.Max(drift.Evidence, burst.Evidence)),
            Scaled(_gate.Next(drift, burst)),
            residual.Expected,
            residual.InDeviations,
            excess,
            standing.Strength,
            standing.IsAnomalous);
    }

    private bool IsLate(DateTimeOffset at) => at.UtcTicks < _last && ++_late < ClockSetBack;

    private double Drift(double residual)
    {
        _drifting += (residual - _drifting) / Math.Min(_points, DetectorSettings.DriftPoints);
        return Math.Abs(_drifting);
    }

    // Averages over more points vary less: each scale counts by its length, as if the points were independent.
    private double Burst(double deviations)
    {
        var clamped = Math.Clamp(deviations, -DetectorSettings.MostDeviations, DetectorSettings.MostDeviations);
        var sum = 0.0;
        for (var i = 0; i < _bursts.Length; i++)
        {
            var points = DetectorSettings.BurstPoints[i];
            _bursts[i] += (clamped - _bursts[i]) / Math.Min(_points, points);
            sum += _bursts[i] * _bursts[i] * points;
        }
        return Math.Sqrt(sum);
    }

    private static double Scaled(double evidence) => 1 - Math.Exp(-evidence);

    /// <summary>All that is known of the series, in about 4 kB; as many bytes however long it has been watched.</summary>
    public byte[] Save()
    {
        using var bytes = new MemoryStream();
        using var state = new BinaryWriter(bytes);
        state.Write(Version);
        state.Write(_drifting);
        state.Write(_points);
        state.Write(_last);
        state.Write(_late);
        foreach (var burst in _bursts)
        {
            state.Write(burst);
        }
        _baseline.Write(state);
        _drift.Write(state);
        _burst.Write(state);
        _gate.Write(state);
        _persistence.Write(state);
        state.Flush();
        return bytes.ToArray();
    }

    /// <summary>The detector as it was saved; null for a state of another version, or none: it is learned anew.</summary>
    public static SeriesDetector? Load(ReadOnlyMemory<byte> saved)
    {
        if (saved.Length != StateBytes || saved.Span[0] != Version)
        {
            return null;
        }
        using var state = new BinaryReader(new MemoryStream(saved.ToArray()));
        state.ReadByte();
        var detector = new SeriesDetector
        {
            _drifting = state.ReadDouble(),
            _points = state.ReadInt64(),
            _last = state.ReadInt64(),
            _late = state.ReadInt32(),
        };
        for (var i = 0; i < detector._bursts.Length; i++)
        {
            detector._bursts[i] = state.ReadDouble();
        }
        detector._baseline.Read(state);
        detector._drift.Read(state);
        detector._burst.Read(state);
        detector._gate.Read(state);
        detector._persistence.Read(state);
        return detector;
    }

    public static int StateBytes { get; } = new SeriesDetector().Save().Length;
}
