using System.Text;
using System.Text.RegularExpressions;

namespace OpenTelemetry.Exporter.Text;

/// <summary>A unit spelled out as Prometheus likes it: <c>s</c> is seconds, <c>By/s</c> is bytes_per_second.</summary>
internal static partial class MetricUnit
{
    /// <summary>The unit; empty for none, for <c>1</c>, and for what is only an annotation, such as <c>{event}</c>.</summary>
    public static string Of(string unit)
    {
        unit = Annotation().Replace(unit, string.Empty);
        var slash = unit.IndexOf('/', StringComparison.Ordinal);
        return Sanitize(slash < 0 || slash == unit.Length - 1
            ? Whole(unit)
            : $"{Whole(unit[..slash])}_per_{Per(unit[(slash + 1)..])}");
    }

    private static string Sanitize(string unit)
    {
        var text = new StringBuilder(unit.Length);
        foreach (var c in unit)
        {
            if (char.IsAsciiLetterOrDigit(c) || c == ':')
                text.Append(c);
            else if (text.Length == 0 || text[^1] != '_')
                text.Append('_');
        }

        return text.ToString().Trim('_');
    }

    private static string Whole(string unit) => unit switch
    {
        "d" => "days",
        "h" => "hours",
        "min" => "minutes",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" or "B" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "GiBy" => "gibibytes",
        "TiBy" => "tibibytes",
        "KBy" or "KB" => "kilobytes",
        "MBy" or "MB" => "megabytes",
        "GBy" or "GB" => "gigabytes",
        "TBy" or "TB" => "terabytes",
        "m" => "meters",
        "V" => "volts",
        "A" => "amperes",
        "J" => "joules",
        "W" => "watts",
        "g" => "grams",
        "Cel" => "celsius",
        "Hz" => "hertz",
        "1" => string.Empty,
        "%" => "percent",
        "$" => "dollars",
        _ => unit,
    };

    private static string Per(string unit) => unit switch
    {
        "s" => "second",
        "m" => "minute",
        "h" => "hour",
        "d" => "day",
        "w" => "week",
        "mo" => "month",
        "y" => "year",
        _ => unit,
    };

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Annotation();
}
