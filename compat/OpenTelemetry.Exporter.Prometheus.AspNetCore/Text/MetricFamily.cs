using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter.Text;

/// <summary>The metrics that share a name, under which Prometheus knows one type, one unit and one description.</summary>
internal sealed record MetricFamily(
    string Name,
    string Type,
    string? Unit,
    string? Help,
    IReadOnlyList<(Metric Metric, string Series)> Metrics)
{
    /// <summary>
    /// The families in the order of their names. Metrics of different types under one name would not be scraped at all:
    /// they are left out.
    /// </summary>
    public static IEnumerable<MetricFamily> Of(
        in Batch<Metric> batch,
        PrometheusFormat format,
        PrometheusAspNetCoreOptions options)
    {
        var named = new List<(Metric Metric, MetricName Name)>();
        foreach (var metric in batch)
        {
            // Prometheus' text formats have no exponential histogram.
            if (metric.MetricType != MetricType.ExponentialHistogram)
                named.Add((metric, MetricName.Of(metric, format.IsOpenMetrics, options.DisableTotalNameSuffixForCounters)));
        }

        return named
            .GroupBy(item => item.Name.Family, StringComparer.Ordinal)
            .Where(family => family.Select(item => TypeOf(item.Metric)).Distinct().Count() == 1)
            .OrderBy(family => family.Key, StringComparer.Ordinal)
            .Select(family => new MetricFamily(
                family.Key,
                TypeOf(family.First().Metric),
                family.Select(item => item.Name.Unit).FirstOrDefault(unit => unit.Length > 0),
                family.Select(item => item.Metric.Description).FirstOrDefault(help => !string.IsNullOrEmpty(help)),
                [.. family
                    .OrderBy(item => item.Metric.MeterName, StringComparer.Ordinal)
                    .ThenBy(item => item.Metric.Name, StringComparer.Ordinal)
                    .Select(item => (item.Metric, item.Name.Series))]));
    }

    // A sum that may go down is a gauge to Prometheus.
    private static string TypeOf(Metric metric) => metric.MetricType.IsHistogram() ? "histogram"
        : MetricName.IsCounter(metric) ? "counter"
        : "gauge";
}
