using System.Globalization;

namespace AetherLink.LoadGenerator.Measuring;

/// <summary>A histogram as a service exposes it to Prometheus: how many values were not above each bound, over all of its labels.</summary>
internal sealed class ScrapedHistogram
{
    private readonly SortedDictionary<double, double> _upTo = [];

    public double Count => _upTo.Count == 0 ? 0 : _upTo.Values.Max();

    /// <param name="metrics">What <c>/metrics</c> answers: lines such as <c>name_bucket{le="0.5"} 12</c>, and others.</param>
    /// <param name="name">The histogram's name.</param>
    public static ScrapedHistogram Parse(string metrics, string name)
    {
        var histogram = new ScrapedHistogram();
        foreach (var line in metrics.Split('\n').Where(line => line.StartsWith($"{name}_bucket{{", StringComparison.Ordinal)))
        {
            var bound = line[(line.IndexOf("le=\"", StringComparison.Ordinal) + 4)..];
            bound = bound[..bound.IndexOf('"', StringComparison.Ordinal)];
            var at = bound == "+Inf" ? double.PositiveInfinity : double.Parse(bound, CultureInfo.InvariantCulture);
            var count = double.Parse(line[(line.IndexOf('}', StringComparison.Ordinal) + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
            histogram._upTo[at] = histogram._upTo.GetValueOrDefault(at) + count;
        }
        return histogram;
    }

    /// <summary>What came between an earlier look and this one.</summary>
    public ScrapedHistogram Since(ScrapedHistogram before)
    {
        var between = new ScrapedHistogram();
        foreach (var (bound, count) in _upTo)
        {
            between._upTo[bound] = count - before._upTo.GetValueOrDefault(bound);
        }
        return between;
    }

    /// <summary>As Prometheus' histogram_quantile: evenly spread within a bucket; in the last one, where it begins.</summary>
    public double Percentile(double percent)
    {
        var rank = percent / 100 * Count;
        var (from, below) = (0.0, 0.0);
        foreach (var (bound, count) in _upTo)
        {
            if (count >= rank && count > below)
            {
                return double.IsInfinity(bound) ? from : from + (bound - from) * (rank - below) / (count - below);
            }
            (from, below) = (double.IsInfinity(bound) ? from : bound, count);
        }
        return from;
    }
}
