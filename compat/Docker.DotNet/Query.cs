using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Docker.DotNet;

/// <summary>A query string of what is not null.</summary>
internal sealed class Query
{
    private readonly StringBuilder _text = new();

    public Query Add(string name, string value)
    {
        if (value is not null) _text.Append(_text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return this;
    }

    public Query Add(string name, bool? value) => Add(name, value switch { true => "1", false => "0", null => null });

    public Query Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    /// <summary>Filters travel as JSON: <c>{"label":{"team=ops":true}}</c>.</summary>
    public Query Add(string name, IDictionary<string, IDictionary<string, bool>> filters) =>
        Add(name, filters is null ? null : JsonSerializer.Serialize(filters, EngineJson.Default.IDictionaryStringIDictionaryStringBoolean));

    public override string ToString() => _text.ToString();
}
