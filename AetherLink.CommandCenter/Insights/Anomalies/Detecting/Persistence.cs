namespace AetherLink.CommandCenter.Insights.Anomalies.Detecting;

/// <summary>
/// When what is unusual becomes an anomaly that somebody is told of: not by one point, but by how far and how long together. It is
/// over once the series has been usual for as long as an event takes to end.
/// </summary>
internal sealed class Persistence
{
    private double _strength;
    private int _usual;
    private long _first;

    /// <param name="Strength">What the points of this event were beyond the usual, added up.</param>
    /// <param name="IsAnomalous">That is enough to be told of.</param>
    internal readonly record struct Standing(double Strength, bool IsAnomalous);

    public Standing Next(DateTimeOffset at, double excess)
    {
        if (_first == 0)
        {
            _first = at.UtcTicks;
        }
        if (excess > 0)
        {
            (_strength, _usual) = (_strength + excess, 0);
        }
        else if (_strength > 0 && ++_usual > DetectorSettings.EventGapPoints)
        {
            _strength = 0;
        }
        var isYoung = at.UtcTicks - _first < DetectorSettings.Young.Ticks;
        return new(_strength, _strength >= (isYoung ? DetectorSettings.AnomalousFromYoung : DetectorSettings.AnomalousFrom));
    }

    public void Write(BinaryWriter state)
    {
        state.Write(_strength);
        state.Write(_usual);
        state.Write(_first);
    }

    public void Read(BinaryReader state) => (_strength, _usual, _first) = (state.ReadDouble(), state.ReadInt32(), state.ReadInt64());
}
