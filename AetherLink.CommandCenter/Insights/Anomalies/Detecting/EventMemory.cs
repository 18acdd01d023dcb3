namespace AetherLink.CommandCenter.Insights.Anomalies.Detecting;

/// <summary>
/// The last unusual stretches of a statistic and how large each was. What comes back again and again at the same size is how the
/// series is: an event is worth the less, the more earlier ones were as large, and the shorter the history that says so.
/// </summary>
internal sealed class EventMemory
{
    private const int Capacity = 32;
    private const float None = float.NegativeInfinity;

    private static readonly double Fading = Math.Exp(-1 / DetectorSettings.EventMemoryPoints);

    private readonly float[] _peaks = new float[Capacity];
    private readonly float[] _ends = new float[Capacity];
    private float _peak = None;
    private int _count;
    private long _last;
    private long _now;
    private double _history;

    /// <summary>The evidence, from 0 upward, that an event of this size (a logarithm) is unlike the earlier ones.</summary>
    /// <param name="size">The logarithm of the statistic, or null while it is usual.</param>
    public double Next(double? size)
    {
        _now++;
        _history = (_history * Fading) + 1;
        if (_peak > None && _now - _last > DetectorSettings.EventGapPoints)
        {
            Remember();
        }
        if (size is not { } now)
        {
            return 0;
        }
        var asLarge = AsLarge(now);
        (_peak, _last) = (Math.Max(_peak, (float)now), _now);
        // The fourth root of the history: a first event says more after a long quiet time, but not in proportion.
        return Math.Max(0, (0.25 * Math.Log(_history)) - Math.Log(asLarge + 0.5));
    }

    private double AsLarge(double size)
    {
        var sum = 0.0;
        for (var i = 0; i < Math.Min(_count, Capacity); i++)
        {
            sum += Math.Exp((_ends[i] - _now) / DetectorSettings.EventMemoryPoints)
                / (1 + Math.Exp((size - _peaks[i]) / DetectorSettings.EventSoftness));
        }
        return sum;
    }

    private void Remember()
    {
        var place = _count % Capacity;
        (_peaks[place], _ends[place], _peak) = (_peak, _last, None);
        _count++;
    }

    public void Write(BinaryWriter state)
    {
        state.Write(_peak);
        state.Write(_count);
        state.Write(_last);
        state.Write(_now);
        state.Write(_history);
        state.Write(_peaks);
        state.Write(_ends);
    }

    public void Read(BinaryReader state)
    {
        (_peak, _count, _last, _now, _history) =
            (state.ReadSingle(), state.ReadInt32(), state.ReadInt64(), state.ReadInt64(), state.ReadDouble());
        state.Read(_peaks);
        state.Read(_ends);
    }
}
