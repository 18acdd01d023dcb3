namespace AetherLink.Nab.Scoring;

/// <summary>
/// What a found window, a false alarm and a missed window are worth: the application profiles of Lavin and Ahmad, "Evaluating
/// Real-time Anomaly Detection Algorithms – the Numenta Anomaly Benchmark" (2015), section II.C.
/// </summary>
internal sealed record Profile(string Name, double Found, double FalseAlarm, double Missed)
{
    public static readonly Profile Standard = new("standard", 1, 0.11, 1);
    public static readonly Profile LowFalsePositives = new("reward_low_FP_rate", 1, 0.22, 1);
    public static readonly Profile LowFalseNegatives = new("reward_low_FN_rate", 1, 0.11, 2);

    public static IReadOnlyList<Profile> All { get; } = [Standard, LowFalsePositives, LowFalseNegatives];
}
