using AetherLink.Nab.Files;

namespace AetherLink.Nab.Scoring;

/// <summary>
/// What a detection at each point of one file would be worth, before the profile's weights: the scaled sigmoid of the point's
/// place in its window, or after the last one (Lavin and Ahmad 2015, section II.B and figure 2). Points of the probationary
/// period are worth nothing, whatever is detected there.
/// </summary>
internal sealed class LabelledSeries
{
    // Files longer than this have the probationary period of this length.
    private const int LongestForProbation = 5000;

    private const double ProbationShare = 0.15;

    private LabelledSeries(NabSeries series, double[] worth, int[] windowOf, int windows) =>
        (Series, Worth, WindowOf, Windows) = (series, worth, windowOf, windows);

    public NabSeries Series { get; }

    public double[] Worth { get; }

    /// <summary>The window that a point is in, or -1.</summary>
    public int[] WindowOf { get; }

    public int Windows { get; }

    public int Probation => ProbationOf(Series.Times.Length);

    public static int ProbationOf(int points) => (int)Math.Floor(ProbationShare * Math.Min(points, LongestForProbation));

    public static LabelledSeries Of(NabSeries series, IReadOnlyList<Window> windows)
    {
        var spans = windows
            .Select(window => (First: Array.IndexOf(series.Times, window.From), Last: Array.IndexOf(series.Times, window.To)))
            .OrderBy(span => span.First)
            .ToArray();
        if (spans.Any(span => span.First < 0 || span.Last < span.First))
        {
            throw new InvalidDataException($"{series.Name}: a window begins or ends at a time that the series does not have.");
        }
        var (worth, windowOf) = (new double[series.Times.Length], new int[series.Times.Length]);
        var next = 0;
        for (var i = 0; i < worth.Length; i++)
        {
            while (next < spans.Length && spans[next].Last < i)
            {
                next++;
            }
            var inside = next < spans.Length && spans[next].First <= i;
            windowOf[i] = inside ? next : -1;
            worth[i] = inside
                ? ScaledSigmoid(-(spans[next].Last - i + 1) / (spans[next].Last - spans[next].First + 1.0)) / ScaledSigmoid(-1)
                : next == 0 ? -1 : After(spans[next - 1], i);
        }
        return new(series, worth, windowOf, spans.Length);
    }

    private static double After((int First, int Last) window, int i) =>
        ScaledSigmoid((i - window.Last) / (double)(window.Last - window.First));

    // Early in a window is worth nearly all, its end nothing, and three widths behind it as little as anywhere.
    private static double ScaledSigmoid(double place) => place > 3 ? -1 : 2 / (1 + Math.Exp(5 * place)) - 1;
}
