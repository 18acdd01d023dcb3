using System.Globalization;

namespace OpenTelemetry.Exporter.Text;

/// <summary>
/// Numbers in label values of OpenMetrics: Go's <c>%g</c>, with <c>.0</c> where nothing else shows that it is no
/// integer, so that one bucket has one name. Scientific below 1e-4 and from 1e6 on.
/// </summary>
internal static class CanonicalNumber
{
    public static string Of(double value)
    {
        if (!double.IsFinite(value))
            return Sample(value);
        if (value == 0)
            return "0.0";

        // The shortest digits that read back as the value: 1.5E-05 is the digits 15 and the exponent -5.
        var shortest = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture).Split('E');
        var exponent = shortest.Length > 1 ? int.Parse(shortest[1], CultureInfo.InvariantCulture) : 0;
        var point = shortest[0].IndexOf('.', StringComparison.Ordinal);
        var all = shortest[0].Replace(".", string.Empty, StringComparison.Ordinal);
        exponent += (point < 0 ? all.Length : point) - 1;
        var leading = all.Length - all.TrimStart('0').Length;
        exponent -= leading;
        var digits = all.Trim('0');

        var sign = value < 0 ? "-" : string.Empty;
        return sign + (exponent is < -4 or >= 6 ? Scientific(digits, exponent) : Fixed(digits, exponent));
    }

    /// <summary>A sample's value: the shortest text that reads back as it.</summary>
    public static string Sample(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    private static string Scientific(string digits, int exponent)
    {
        var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
        var size = Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);
        return $"{mantissa}e{(exponent < 0 ? '-' : '+')}{size}";
    }

    private static string Fixed(string digits, int exponent)
    {
        if (exponent < 0)
            return $"0.{new string('0', -exponent - 1)}{digits}";

        digits = digits.PadRight(exponent + 1, '0');
        var fraction = digits[(exponent + 1)..];
        return $"{digits[..(exponent + 1)]}.{(fraction.Length == 0 ? "0" : fraction)}";
    }
}
