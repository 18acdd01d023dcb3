using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace OpenTelemetry.Exporter.Text;

/// <summary>
/// Writes families as text:
/// <code>
/// # TYPE http_server_request_duration_seconds histogram
/// # HELP http_server_request_duration_seconds Duration of HTTP server requests.
/// http_server_request_duration_seconds_bucket{otel_scope_name="Microsoft.AspNetCore.Hosting",le="0.005"} 3
/// </code>
/// </summary>
internal sealed class PrometheusText(PrometheusFormat format, PrometheusAspNetCoreOptions options)
{
    private readonly StringBuilder _text = new();

    public void AddTarget(Resource resource)
    {
        var labels = new Labels();
        var any = false;
        foreach (var attribute in resource.Attributes)
        {
            labels.Add(attribute.Key, attribute.Value);
            any = true;
        }

        if (!any)
            return;

        var (family, type) = format.IsOpenMetrics ? ("target", "info") : ("target_info", "gauge");
        Line($"# TYPE {family} {type}");
        Line($"# HELP {family} Target metadata");
        Line($"target_info{{{labels}}} 1");
    }

    public void Add(MetricFamily family)
    {
        Line($"# TYPE {family.Name} {family.Type}");
        if (format.IsOpenMetrics && family.Unit is { } unit)
            Line($"# UNIT {family.Name} {unit}");
        if (family.Help is { } help)
            Line($"# HELP {family.Name} {EscapeHelp(help)}");

        foreach (var (metric, series) in family.Metrics)
        {
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                if (metric.MetricType.IsHistogram())
                    AddHistogram(family, metric, point);
                else
                    AddNumber(family, metric, series, point);
            }
        }
    }

    public byte[] ToBytes()
    {
        if (format.IsOpenMetrics)
            Line("# EOF");
        return Encoding.UTF8.GetBytes(_text.ToString());
    }

    private void AddNumber(MetricFamily family, Metric metric, string series, in MetricPoint point)
    {
        var labels = LabelsOf(metric, point);
        Line($"{series}{{{labels}}} {ValueOf(metric, point)}");
        if (family.Type == "counter")
            AddCreated(family, labels, point);
    }

    private void AddHistogram(MetricFamily family, Metric metric, in MetricPoint point)
    {
        var labels = LabelsOf(metric, point, reserved: "le");
        var before = labels.Length == 0 ? string.Empty : $"{labels},";
        var total = 0L;
        var hasNegativeBounds = false;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            total += bucket.BucketCount;
            hasNegativeBounds |= bucket.ExplicitBound < 0;
            var bound = format.IsOpenMetrics
                ? CanonicalNumber.Of(bucket.ExplicitBound)
                : CanonicalNumber.Sample(bucket.ExplicitBound);
            Line($"{family.Name}_bucket{{{before}le=\"{bound}\"}} {total}");
        }

        // OpenMetrics forbids a sum, and with it a count, where values can be negative: the sum could go down.
        if (!(format.IsOpenMetrics && hasNegativeBounds))
        {
            Line($"{family.Name}_sum{{{labels}}} {CanonicalNumber.Sample(point.GetHistogramSum())}");
            Line($"{family.Name}_count{{{labels}}} {point.GetHistogramCount()}");
        }

        AddCreated(family, labels, point);
    }

    private void AddCreated(MetricFamily family, string labels, in MetricPoint point)
    {
        if (!format.IsOpenMetrics)
            return;
        var seconds = (point.StartTime - DateTimeOffset.UnixEpoch).Ticks / (double)TimeSpan.TicksPerSecond;
        Line($"{family.Name}_created{{{labels}}} {CanonicalNumber.Sample(seconds)}");
    }

    private string LabelsOf(Metric metric, in MetricPoint point, string? reserved = null)
    {
        var labels = new Labels(reserved);
        if (options.ScopeInfoEnabled)
            labels.AddScope(metric);
        foreach (var tag in point.Tags)
            labels.Add(tag.Key, tag.Value);
        return labels.ToString();
    }

    private static string ValueOf(Metric metric, in MetricPoint point) =>
        (metric.MetricType.IsSum(), metric.MetricType.IsLong()) switch
        {
            (true, true) => point.GetSumLong().ToString(CultureInfo.InvariantCulture),
            (true, false) => CanonicalNumber.Sample(point.GetSumDouble()),
            (false, true) => point.GetGaugeLastValueLong().ToString(CultureInfo.InvariantCulture),
            (false, false) => CanonicalNumber.Sample(point.GetGaugeLastValueDouble()),
        };

    private string EscapeHelp(string help)
    {
        help = help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return format.IsOpenMetrics ? help.Replace("\"", "\\\"", StringComparison.Ordinal) : help;
    }

    // Always \n, whatever the machine ends its lines with.
    private void Line(string line) => _text.Append(line).Append('\n');
}
