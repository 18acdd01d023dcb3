namespace AetherLink.CommandCenter.Insights.Anomalies.Detecting;

/// <summary>What the detector says of one point, from that point and those before it.</summary>
/// <param name="Raw">How unlike its history the series is now, 0 to 1; stays high while it lasts.</param>
/// <param name="Likelihood">The same after post-processing, 0 to 1: high once, where an anomaly shows first or grows.</param>
/// <param name="Expected">The value that the level and the seasons foresaw.</param>
/// <param name="Deviations">How many usual deviations the value is away from it, signed.</param>
/// <param name="Excess">The logarithm of how many times the largest of what is usual it is; 0 while the point is usual.</param>
/// <param name="Strength">The excess of all points since it began, until the series has been usual for long enough.</param>
/// <param name="IsAnomalous">Strong enough to be told of, and not over yet.</param>
internal readonly record struct Detection(
    double Raw, double Likelihood, double Expected, double Deviations, double Excess, double Strength, bool IsAnomalous)
{
    public bool IsDetected => Likelihood >= DetectorSettings.DetectedFrom;

    /// <summary>Beyond what the series usually shows.</summary>
    public bool IsUnusual => Excess > 0;

    /// <summary>Late, or without a value: not judged, and not learned.</summary>
    public bool IsSkipped => double.IsNaN(Expected);

    public static readonly Detection Skipped = new(0, 0, double.NaN, 0, 0, 0, false);
}
