using AetherLink.CommandCenter.Insights.Anomalies.Detecting;
using AetherLink.Nab.Files;
using AetherLink.Nab.Scoring;

namespace AetherLink.Nab.Running;

/// <summary>
/// The profiles' scores, with the one best threshold for the corpus (as the benchmark scores everybody) and with the detector's own;
/// by folder with its own. What it costs. Where the files are.
/// </summary>
internal static class Report
{
    public static void Print(TextWriter to, NabFolder folder, DetectorRun run, string results)
    {
        to.WriteLine($"{run.Files.Count} series, {run.Points} points, {run.Files.Sum(file => file.Said.Count(said => said.IsDetected))} detected");
        if (folder.Windows is { } windows)
        {
            PrintScores(to, [.. run.Files
                .Where(file => windows.ContainsKey(file.Series.Name))
                .Select(file => (LabelledSeries.Of(file.Series, windows[file.Series.Name]), file.Said.Select(said => said.Likelihood).ToArray()))]);
        }
        else
        {
            to.WriteLine("no labels (combined_windows.json): not scored");
        }
        to.WriteLine($"{run.Took.TotalMicroseconds / Math.Max(1, run.Points):0.00} us a point, {run.BytesASeries} bytes a series");
        to.WriteLine($"results: {results}");
    }

    private static void PrintScores(TextWriter to, IReadOnlyList<(LabelledSeries Labels, double[] Scores)> corpus)
    {
        const double Own = DetectorSettings.DetectedFrom;
        to.WriteLine($"{"profile",-24} {"score",6} {"threshold",10} {"at " + Own,8}");
        foreach (var profile in Profile.All)
        {
            var (threshold, score) = ThresholdSearch.Best(profile, corpus);
            to.WriteLine($"{profile.Name,-24} {score,6:0.0} {threshold,10:0.0000} {Scorer.Score(profile, corpus, Own),8:0.0}");
        }
        foreach (var folder in corpus.GroupBy(file => Path.GetDirectoryName(file.Labels.Series.Name) ?? ""))
        {
            var scores = Profile.All.Select(profile => Scorer.Score(profile, [.. folder], Own).ToString("0.0"));
            to.WriteLine($"  {folder.Key,-22} {folder.Sum(file => file.Labels.Windows),3} windows: {string.Join(" / ", scores)}");
        }
    }
}
