namespace AetherLink.Nab.Scoring;

/// <summary>
/// The one threshold for a whole corpus that a profile's score is highest with, as the benchmark finds it: among all scores that
/// were given, in one walk from the highest down.
/// </summary>
internal static class ThresholdSearch
{
    /// <summary>Higher than any score: nothing is detected.</summary>
    private const double Never = 1.1;

    public static (double Threshold, double Score) Best(Profile profile, IReadOnlyList<(LabelledSeries Labels, double[] Scores)> corpus)
    {
        var windows = corpus.Sum(file => file.Labels.Windows);
        var best = new double[windows];
        Array.Fill(best, -profile.Missed);
        var points = Points(corpus);
        var (sum, top) = (-profile.Missed * windows, (Threshold: Never, Sum: -profile.Missed * windows));
        for (var i = 0; i < points.Length; i++)
        {
            var (score, window, worth) = points[i];
            if (window < 0)
            {
                sum += worth * profile.FalseAlarm;
            }
            else if (worth * profile.Found > best[window])
            {
                sum += worth * profile.Found - best[window];
                best[window] = worth * profile.Found;
            }
            // Equal scores are detected together.
            if ((i + 1 == points.Length || points[i + 1].Score < score) && sum > top.Sum)
            {
                top = (score, sum);
            }
        }
        return (top.Threshold, Scorer.Normalised(profile, top.Sum, windows));
    }

    private static (double Score, int Window, double Worth)[] Points(IReadOnlyList<(LabelledSeries Labels, double[] Scores)> corpus)
    {
        var points = new List<(double Score, int Window, double Worth)>();
        var before = 0;
        foreach (var (labels, scores) in corpus)
        {
            for (var i = labels.Probation; i < scores.Length; i++)
            {
                points.Add((scores[i], labels.WindowOf[i] < 0 ? -1 : before + labels.WindowOf[i], labels.Worth[i]));
            }
            before += labels.Windows;
        }
        points.Sort((a, b) => b.Score.CompareTo(a.Score));
        return [.. points];
    }
}
