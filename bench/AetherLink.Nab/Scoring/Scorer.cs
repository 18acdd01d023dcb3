namespace AetherLink.Nab.Scoring;

/// <summary>
/// The benchmark's score of a detector over a corpus: 0 is the detector that never speaks, 100 the one that finds every window at
/// its first point and nothing else (Lavin and Ahmad 2015, section II.D). A point is detected when its score reaches the
/// threshold; a window counts once, with the best of its detections; each detection outside costs.
/// </summary>
internal static class Scorer
{
    public static double Score(Profile profile, IReadOnlyList<(LabelledSeries Labels, double[] Scores)> corpus, double threshold)
    {
        var (sum, windows) = (0.0, 0);
        foreach (var (labels, scores) in corpus)
        {
            sum += Sum(profile, labels, scores, threshold);
            windows += labels.Windows;
        }
        return Normalised(profile, sum, windows);
    }

    /// <summary>One file's sum, weighted, not normalised.</summary>
    public static double Sum(Profile profile, LabelledSeries labels, double[] scores, double threshold)
    {
        var best = new double[labels.Windows];
        Array.Fill(best, -profile.Missed);
        var sum = 0.0;
        for (var i = labels.Probation; i < scores.Length; i++)
        {
            if (scores[i] < threshold)
            {
                continue;
            }
            if (labels.WindowOf[i] is >= 0 and var window)
            {
                best[window] = Math.Max(best[window], labels.Worth[i] * profile.Found);
            }
            else
            {
                sum += labels.Worth[i] * profile.FalseAlarm;
            }
        }
        return sum + best.Sum();
    }

    public static double Normalised(Profile profile, double sum, int windows)
    {
        var never = -profile.Missed * windows;
        return windows == 0 ? 0 : 100 * (sum - never) / (profile.Found * windows - never);
    }
}
