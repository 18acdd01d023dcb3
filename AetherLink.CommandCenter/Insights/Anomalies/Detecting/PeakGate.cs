namespace AetherLink.CommandCenter.Insights.Anomalies.Detecting;

/// <summary>
/// Lets an anomaly speak once: evidence passes when it comes after a rest, what grows passes by what it adds, and what outgrows
/// its last peak by far passes anew.
/// </summary>
internal sealed class PeakGate
{
    private const double None = double.NegativeInfinity;

    private double _evidence;
    private double _drift = None;
    private double _burst = None;
    private int _points;

    public double Next(Channel.Reading drift, Channel.Reading burst)
    {
        if (_evidence > 0 && ++_points > DetectorSettings.RestPoints)
        {
            (_evidence, _drift, _burst) = (0, None, None);
        }
        var evidence = Math.Max(drift.Evidence, burst.Evidence);
        if (evidence <= 0)
        {
            return 0;
        }
        var (driftSize, burstSize) = (drift.Evidence > 0 ? drift.Size : None, burst.Evidence > 0 ? burst.Size : None);
        var isNews = IsNews(driftSize, _drift) || IsNews(burstSize, _burst);
        var passes = isNews ? evidence : Math.Max(0, evidence - _evidence);
        if (evidence > _evidence)
        {
            (_evidence, _points) = (evidence, 0);
        }
        if (passes > 0)
        {
            (_drift, _burst) = (Math.Max(_drift, driftSize), Math.Max(_burst, burstSize));
        }
        return passes;
    }

    private static bool IsNews(double size, double last) => last > None && size > last + DetectorSettings.NewsFactor;

    public void Write(BinaryWriter state)
    {
        state.Write(_evidence);
        state.Write(_drift);
        state.Write(_burst);
        state.Write(_points);
    }

    public void Read(BinaryReader state) =>
        (_evidence, _drift, _burst, _points) = (state.ReadDouble(), state.ReadDouble(), state.ReadDouble(), state.ReadInt32());
}
