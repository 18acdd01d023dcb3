using System.Text;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter.Text;

/// <summary>
/// A metric's names in Prometheus: characters that are not allowed become one underscore, the unit is appended, and
/// <c>_total</c> to a counter. In OpenMetrics the family goes without <c>_total</c>, its series with it.
/// See opentelemetry-specification, compatibility/prometheus_and_openmetrics.md.
/// </summary>
/// <param name="Family">The name in TYPE, HELP and UNIT, and of a histogram's series without their suffix.</param>
/// <param name="Series">The name of a series.</param>
/// <param name="Unit">The unit, spelled out; empty if there is none.</param>
internal sealed record MetricName(string Family, string Series, string Unit)
{
    private const string Total = "_total";

    public static MetricName Of(Metric metric, bool isOpenMetrics, bool disableTotal)
    {
        var unit = MetricUnit.Of(metric.Unit);
        var isCounter = IsCounter(metric);
        return isOpenMetrics
            ? OfOpenMetrics(metric.Name, unit, isCounter)
            : OfPrometheus(metric.Name, unit, isCounter, disableTotal);
    }

    public static bool IsCounter(Metric metric) =>
        metric.MetricType is MetricType.LongSum or MetricType.DoubleSum;

    /// <summary>A name in which every run of characters that are not allowed is one underscore.</summary>
    public static string Sanitize(string name)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var c in name)
        {
            var allowed = char.IsAsciiLetter(c) || c == ':' || (char.IsAsciiDigit(c) && text.Length > 0);
            if (allowed)
                text.Append(c);
            else if (text.Length == 0 || text[^1] != '_')
                text.Append('_');
        }

        return text.ToString();
    }

    private static MetricName OfPrometheus(string name, string unit, bool isCounter, bool disableTotal)
    {
        name = Sanitize(name);
        if (!name.EndsWith(unit, StringComparison.Ordinal)
            && !(isCounter && name.EndsWith(unit + Total, StringComparison.Ordinal)))
        {
            name += $"_{unit}";
        }

        if (isCounter && !disableTotal && !name.EndsWith(Total, StringComparison.Ordinal))
            name += Total;
        return new(name, name, unit);
    }

    private static MetricName OfOpenMetrics(string name, string unit, bool isCounter)
    {
        if (isCounter)
            name = WithoutTotal(name);
        if (!name.EndsWith(unit, StringComparison.Ordinal))
            name += $"_{unit}";
        name = Sanitize(name);

        // A name such as "orders.total" only now ends as a counter does.
        return isCounter ? new(WithoutTotal(name), WithoutTotal(name) + Total, unit) : new(name, name, unit);
    }

    private static string WithoutTotal(string name) =>
        name.EndsWith(Total, StringComparison.Ordinal) ? name[..^Total.Length] : name;
}
