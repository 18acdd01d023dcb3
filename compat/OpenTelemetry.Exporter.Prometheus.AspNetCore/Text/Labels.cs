using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter.Text;

/// <summary>
/// The labels of a series, in the order in which they were added. Two keys that become the same label are one label
/// with both values, in the order of the keys, as the specification asks for.
/// </summary>
internal sealed class Labels(string? reserved = null)
{
    private readonly List<(string Name, SortedDictionary<string, string> Values)> _labels = [];

    public Labels AddScope(Metric metric)
    {
        Add("otel_scope_name", metric.MeterName);
        if (!string.IsNullOrEmpty(metric.MeterVersion))
            Add("otel_scope_version", metric.MeterVersion);
        if (!string.IsNullOrEmpty(metric.MeterSchemaUrl))
            Add("otel_scope_schema_url", metric.MeterSchemaUrl);
        foreach (var tag in metric.MeterTags ?? [])
        {
            if (Sanitize($"otel_scope_{tag.Key}") is not ("otel_scope_name" or "otel_scope_version" or "otel_scope_schema_url"))
                Add($"otel_scope_{tag.Key}", tag.Value);
        }

        return this;
    }

    public void Add(string key, object? value)
    {
        var name = Sanitize(key);
        if (name == reserved)
            return;

        var values = _labels.Find(label => label.Name == name).Values;
        if (values is null)
            _labels.Add((name, values = new(StringComparer.Ordinal)));
        values[key] = Text(value);
    }

    /// <summary>Without the braces: <c>a="1",b="2"</c>.</summary>
    public override string ToString() => string.Join(',', _labels.Select(label =>
        $"{label.Name}=\"{Escape(string.Join(';', label.Values.Values))}\""));

    private static string Sanitize(string key)
    {
        if (key.Length == 0)
            return "_";

        var text = new StringBuilder(key.Length + 1);
        if (char.IsAsciiDigit(key[0]))
            text.Append('_');
        foreach (var c in key)
        {
            if (char.IsAsciiLetterOrDigit(c) || c == '_')
                text.Append(c);
            else if (text.Length == 0 || text[^1] != '_')
                text.Append('_');
        }

        return text.ToString();
    }

    private static string Text(object? value) => value switch
    {
        null => string.Empty,
        string text => text,
        true => "true",
        false => "false",
        double number => CanonicalNumber.Of(number),
        float number => CanonicalNumber.Of(number),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };

    private static string Escape(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);
}
