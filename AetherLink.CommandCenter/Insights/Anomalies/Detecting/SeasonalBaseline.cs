namespace AetherLink.CommandCenter.Insights.Anomalies.Detecting;

/// <summary>
/// What a series is expected to be at an hour: its level, what the hour of the day adds, and what the hour of the week adds to
/// that. Each is shrunk towards none by how little it has been seen, so that a series without seasons has none.
/// </summary>
internal sealed class SeasonalBaseline
{
    private const int Hours = 24;
    private const int WeekHours = 7 * Hours;

    // A deviation below this share of the level is the last digits of a constant.
    private const double Precision = 1e-9;

    // So that what is divided by it stays finite.
    private const double Smallest = 1e-30;

    private readonly float[] _day = new float[Hours];
    private readonly float[] _daySeen = new float[Hours];
    private readonly float[] _dayDeviation = new float[Hours];
    private readonly float[] _week = new float[WeekHours];
    private readonly float[] _weekSeen = new float[WeekHours];
    private double _level;
    private double _deviation;
    private long _seen;

    /// <summary>The value's residual, plain and in units of the usual deviation: of the series, and of the hour.</summary>
    internal readonly record struct Residual(double Expected, double Plain, double Deviation, double InDeviations);

    public Residual Next(DateTimeOffset at, double value, TimeSpan? since)
    {
        if (_seen == 0)
        {
            _level = value;
        }
        var (hour, weekHour, toNext, neighbour, weekNeighbour) = Place(at);
        var fromLevel = value - _level;
        var day = Mix(Day(hour), Day(neighbour), toNext);
        var week = Mix(Week(weekHour), Week(weekNeighbour), toNext);
        var plain = fromLevel - day - week;
        var deviation = Math.Max(Math.Max(_deviation, Precision * Math.Abs(_level)), Smallest);
        var seen = _daySeen[hour];
        var ofHour = ((_dayDeviation[hour] * seen) + deviation) / (seen + 1);
        _seen++;
        Learn(hour, weekHour, fromLevel, plain, day, since);
        return new(_level + day + week, plain, deviation, plain / ofHour);
    }

    private float Day(int hour) => _day[hour] * _daySeen[hour] / (_daySeen[hour] + DetectorSettings.DayPrior);

    private float Week(int hour) => _week[hour] * _weekSeen[hour] / (_weekSeen[hour] + DetectorSettings.WeekPrior);

    private static double Mix(float here, float neighbour, double share) => (here * (1 - share)) + (neighbour * share);

    private void Learn(int hour, int weekHour, double fromLevel, double plain, double day, TimeSpan? since)
    {
        // Hours are learned by the time that was spent in them, whatever the rate of points.
        var spent = (float)(since is { } gap ? Math.Clamp(gap.TotalHours, 0.001, 1) : 0.05);
        _level += fromLevel / Math.Min(_seen, DetectorSettings.LevelPoints);
        _deviation += (Math.Abs(plain) - _deviation) / Math.Min(_seen, DetectorSettings.DeviationPoints);
        _daySeen[hour] = Math.Min(_daySeen[hour] + spent, DetectorSettings.DaysRemembered);
        var share = spent / Math.Max(1, _daySeen[hour]);
        _day[hour] += share * (float)(fromLevel - _day[hour]);
        _dayDeviation[hour] += share * (float)(Math.Abs(plain) - _dayDeviation[hour]);
        _weekSeen[weekHour] = Math.Min(_weekSeen[weekHour] + spent, DetectorSettings.WeeksRemembered);
        _week[weekHour] += spent / Math.Max(1, _weekSeen[weekHour]) * (float)(fromLevel - day - _week[weekHour]);
    }

    // An hour's mean is that of its middle; between two middles it is mixed.
    private static (int Hour, int WeekHour, double ToNext, int Neighbour, int WeekNeighbour) Place(DateTimeOffset at)
    {
        var time = at.UtcDateTime;
        var weekHour = ((int)time.DayOfWeek * Hours) + time.Hour;
        var fromMiddle = (time.TimeOfDay.TotalHours % 1) - 0.5;
        var step = fromMiddle < 0 ? -1 : 1;
        return (time.Hour, weekHour, Math.Abs(fromMiddle), (time.Hour + step + Hours) % Hours, (weekHour + step + WeekHours) % WeekHours);
    }

    public void Write(BinaryWriter state)
    {
        state.Write(_level);
        state.Write(_deviation);
        state.Write(_seen);
        foreach (var values in Arrays)
        {
            state.Write(values);
        }
    }

    public void Read(BinaryReader state)
    {
        (_level, _deviation, _seen) = (state.ReadDouble(), state.ReadDouble(), state.ReadInt64());
        foreach (var values in Arrays)
        {
            state.Read(values);
        }
    }

    private IEnumerable<float[]> Arrays => [_day, _daySeen, _dayDeviation, _week, _weekSeen];
}
