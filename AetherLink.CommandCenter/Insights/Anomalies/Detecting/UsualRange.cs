namespace AetherLink.CommandCenter.Insights.Anomalies.Detecting;

/// <summary>
/// A histogram of a statistic's size in steps of a twelfth, over 32 octaves: where all but a given share of its history lies,
/// in constant memory and whatever its distribution. Once it holds many points all are halved, so that the old fade.
/// </summary>
internal sealed class UsualRange(double share)
{
    private const int PerOctave = 8;
    private const int Steps = 256;
    private const float Halved = 200_000;

    private readonly float[] _counts = new float[Steps];
    private float _total;

    /// <summary>By how much, as a logarithm, the size is beyond what was usual before it; 0 within.</summary>
    public double Next(double size)
    {
        var place = Math.Clamp((Math.Log2(Math.Max(size, double.Epsilon)) * PerOctave) + (Steps / 2.0), 0, Steps - 0.001);
        var beyond = _total >= DetectorSettings.WarmUp ? Math.Max(0, place - Edge()) : 0;
        _counts[(int)place]++;
        if (++_total >= Halved)
        {
            _total = 0;
            for (var i = 0; i < Steps; i++)
            {
                _counts[i] /= 2;
                _total += _counts[i];
            }
        }
        return beyond / PerOctave * Math.Log(2);
    }

    // The place above which just the share of all points lies; within a step they are taken as spread evenly.
    private double Edge()
    {
        var above = (1 - share) * _total;
        var step = Steps - 1;
        while (step > 0 && _counts[step] <= above)
        {
            above -= _counts[step--];
        }
        return step + 1 - (_counts[step] > 0 ? above / _counts[step] : 0);
    }

    public void Write(BinaryWriter state)
    {
        state.Write(_total);
        state.Write(_counts);
    }

    public void Read(BinaryReader state)
    {
        _total = state.ReadSingle();
        state.Read(_counts);
    }
}
