using AetherLink.Nab.Files;
using AetherLink.Nab.Scoring;

namespace AetherLink.Tests.Bench;

/// <summary>The half of the benchmark that is here, read once.</summary>
internal static class NabHalf
{
    private static readonly Lazy<LabelledSeries[]> Read = new(() =>
    {
        var folder = NabFolder.Read(NabDataFactAttribute.Folder!);
        return [.. folder.Series.Select(series => LabelledSeries.Of(series, folder.Windows![series.Name]))];
    });

    public static (LabelledSeries Labels, double[] Scores)[] Scored(Func<NabSeries, double[]> scores) =>
        [.. Read.Value.Select(labels => (labels, scores(labels.Series)))];

    public static (LabelledSeries Labels, double[] Scores)[] Published(string detector)
    {
        var folder = Path.Combine(NabDataFactAttribute.Folder!, "published", detector);
        return Scored(series => NabSeries.Read(Path.Combine(folder, series.Name), series.Name).Values);
    }
}
