using System.Globalization;

namespace AetherLink.CommandCenter.Insights.Causes.Gathering;

/// <summary>What the series of a window say. No I/O.</summary>
internal static class SeriesEvidence
{
    /// <summary>In half a minute. What fails less often, and yet at every try, opens a provider's circuit, and that is told by an event.</summary>
    private const double LeastFailures = 5;

    /// <summary>In half a minute: fifty events a second are nothing that anybody would feel.</summary>
    private const double LeastBurst = 1_500;

    /// <summary>A tenant that sends so many times what it used to is a burst.</summary>
    private const double BurstTimes = 5;

    /// <summary>
    /// Five minutes of buckets: in a mesh that has only begun to count, what a tenant has always sent looks like a burst. Failures need no
    /// such thing: they are never usual.
    /// </summary>
    private const int LeastKnown = 30;

    /// <summary>A rise by a second is as sure as it gets.</summary>
    private const double SureMs = 1_000;

    /// <summary>Usual ranges apart, from which on it is sure.</summary>
    private const double SureScore = 6;

    /// <summary>With fewer services than this all of them being slow says nothing of who looks at them.</summary>
    private const int FewServices = 3;

    /// <param name="measures">The values of each, from the window's first bucket on; they are looked at once, one measure after the other.</param>
    /// <param name="window">The window.</param>
    /// <param name="self">Who probes the services.</param>
    public static IReadOnlyList<Evidence> Of(IEnumerable<(Measure Measure, double[] Values)> measures, Window window, string self)
    {
        var (signs, probed) = (new List<(Measure Measure, Evidence Evidence)>(), 0);
        foreach (var (measure, values) in measures)
        {
            if (Judge(measure, values, window) is { } sign)
                signs.Add((measure, sign));
            if (measure.Kind is MeasureKind.Latency && IsService(measure.Node) && measure.Node != self && values.Skip(window.Begin).Any(double.IsFinite))
                probed++;
        }
        var slow = signs.Where(sign => sign.Evidence.Kind is EvidenceKind.Slow && IsService(sign.Measure.Node) && sign.Measure.Node != self).ToList();
        if (probed >= FewServices && slow.Count == probed)
        {
            // When all that one looks at is slow, it is who looks.
            var first = slow.MinBy(sign => sign.Evidence.At).Evidence;
            signs.RemoveAll(slow.Contains);
            signs.Add((new(self, MeasureKind.Latency, self, first.Reference!), first with
            {
                Node = self,
                Text = $"Every service took longer to answer its probes: {self}, which probes them, or the machine was slow.",
            }));
        }
        // What somebody measured while it was slow itself says nothing of what it measured.
        var isSlow = signs.Where(sign => sign.Evidence.Kind is EvidenceKind.Slow).Select(sign => sign.Evidence.Node).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. signs.Where(sign => sign.Measure.Kind is not MeasureKind.Latency || sign.Measure.Node == sign.Measure.Witness || !isSlow.Contains(sign.Measure.Witness))
                .Select(sign => sign.Evidence),
        ];
    }

    private static bool IsService(string node) => !node.Contains(':', StringComparison.Ordinal);

    private static Evidence? Judge(Measure measure, double[] values, Window window)
    {
        if (values.Length <= window.Begin)
            return null;
        switch (measure.Kind)
        {
            case MeasureKind.Latency when Slowing.Find(values, window.Begin) is { } slowing:
                var rise = slowing.AfterMs - slowing.BeforeMs;
                return new(
                    measure.Node, EvidenceKind.Slow, window.At(slowing.Index), Math.Min(1, 0.4 + (rise / SureMs)),
                    $"It took {Number(slowing.AfterMs)} ms to answer, where {Number(slowing.BeforeMs)} ms is usual.", measure.Name);
            case MeasureKind.Failures when Surge.Find(values, window.Begin, LeastFailures) is { } failing:
                return new(
                    measure.Node, EvidenceKind.Erring, window.At(failing.Index), Math.Min(1, failing.Score / SureScore),
                    $"{Number(failing.Most)} attempts failed within 30 s, where {Number(failing.Usual)} is usual.", measure.Name);
            case MeasureKind.Events when Surge.Find(values, window.Begin, LeastBurst) is { } burst && burst.Known >= LeastKnown && burst.Most >= burst.Usual * BurstTimes:
                return new(
                    measure.Node, EvidenceKind.Burst, window.At(burst.Index), 1,
                    $"It sent {Number(burst.Most)} events within 30 s, where {Number(burst.Usual)} is usual.", measure.Name);
            default:
                return null;
        }
    }

    private static string Number(double number) => Math.Round(number, number < 10 ? 1 : 0).ToString("0.#", CultureInfo.InvariantCulture);
}
