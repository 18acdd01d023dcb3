using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace OpenTelemetry.Exporter.Text;

/// <summary>The text formats: Prometheus 0.0.4 and 1.0.0, OpenMetrics 0.0.1 and 1.0.0.</summary>
internal readonly record struct PrometheusFormat(bool IsOpenMetrics, string Version)
{
    private const string OpenMetrics = "application/openmetrics-text";
    private const string Prometheus = "text/plain";

    private static readonly PrometheusFormat Fallback = new(false, "0.0.4");

    // From 1.0.0 on the format says how names are escaped. Names are made with underscores, whatever is asked for.
    public string ContentType =>
        $"{(IsOpenMetrics ? OpenMetrics : Prometheus)}; version={Version}; charset=utf-8"
        + (Version == "1.0.0" ? "; escaping=underscores" : string.Empty);

    /// <summary>What the scraper likes best, the first of equals; text 0.0.4 when it asks for nothing known.</summary>
    public static PrometheusFormat Negotiate(IList<MediaTypeHeaderValue> accepted)
    {
        var best = Fallback;
        var bestQuality = 0d;
        foreach (var mediaType in accepted)
        {
            if (TryRead(mediaType, out var format, out var quality) && quality > bestQuality)
                (best, bestQuality) = (format, quality);
        }

        return best;
    }

    private static bool TryRead(MediaTypeHeaderValue value, out PrometheusFormat format, out double quality)
    {
        quality = 1;
        format = Fallback;
        var isOpenMetrics = value.MediaType.Equals(OpenMetrics, StringComparison.OrdinalIgnoreCase);
        if (!isOpenMetrics && !value.MediaType.Equals(Prometheus, StringComparison.OrdinalIgnoreCase))
            return false;

        // Without a version: what the OpenMetrics standard demands, and the oldest of Prometheus' own.
        var version = isOpenMetrics ? "1.0.0" : "0.0.4";
        foreach (var parameter in value.Parameters)
        {
            var text = parameter.Value.ToString().Trim('"');
            var understood = parameter.Name.ToString().ToLowerInvariant() switch
            {
                "q" => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out quality)
                    && quality is > 0 and <= 1,
                "version" => (version = text) is "1.0.0" || text == (isOpenMetrics ? "0.0.1" : "0.0.4"),
                "escaping" => text is "allow-utf-8" or "dots" or "underscores" or "values",
                _ => true,
            };
            if (!understood)
                return false;
        }

        format = new(isOpenMetrics, version);
        return true;
    }
}
