using System.Globalization;
using System.Text.Json;

namespace AetherLink.Orchestrator.Intents;

/// <summary>A JSON schema that cannot be held to.</summary>
internal sealed class JsonShapeException(string message) : Exception(message);

/// <summary>
/// The part of JSON schema that models are held to: type, properties, required, additionalProperties, items, enum, and bounds.
/// A keyword beyond it is refused when the schema is read, so that nothing of a schema is silently without effect.
/// </summary>
internal sealed class JsonShape
{
    private const int MaxFaults = 10;

    private static readonly HashSet<string> Types = new(StringComparer.Ordinal) { "object", "array", "string", "number", "integer", "boolean", "null" };

    private readonly HashSet<string> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonShape> _properties = new(StringComparer.Ordinal);
    private readonly List<string> _required = [];
    private readonly List<JsonElement> _enum = [];
    private readonly Dictionary<string, double> _bounds = new(StringComparer.Ordinal);
    private JsonShape? _items;
    private bool _isOpen = true;

    private JsonShape()
    {
    }

    /// <summary>Whether every object of it is closed, and has all it may have: what OpenAI asks of a schema that it holds a model to.</summary>
    public bool IsStrict => (_types.Count > 0 || _enum.Count > 0)
        && (!_types.Contains("object") || (!_isOpen && _required.Count == _properties.Count))
        && _properties.Values.All(p => p.IsStrict) && _items?.IsStrict != false;

    public static JsonShape Of(JsonElement schema) => Of(schema, "$");

    /// <summary>What is wrong with a value, each with its place; empty when nothing is.</summary>
    public IReadOnlyList<string> Faults(JsonElement value)
    {
        var faults = new List<string>();
        Check(value, "", faults);
        return faults;
    }

    /// <summary>The value without what a closed object does not know.</summary>
    public void Write(JsonElement value, Utf8JsonWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    var known = _properties.GetValueOrDefault(property.Name);
                    if (known is null && !_isOpen) continue;
                    writer.WritePropertyName(property.Name);
                    if (known is null) property.Value.WriteTo(writer);
                    else known.Write(property.Value, writer);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array when _items is { } items:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) items.Write(item, writer);
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static JsonShape Of(JsonElement schema, string path)
    {
        if (schema.ValueKind != JsonValueKind.Object) throw new JsonShapeException($"{path} must be an object");
        var shape = new JsonShape();
        foreach (var keyword in schema.EnumerateObject()) shape.Take(keyword.Name, keyword.Value, path);
        if (shape._required.Find(name => !shape._properties.ContainsKey(name)) is { } missing)
            throw new JsonShapeException($"{path}: '{missing}' is required and no property");
        return shape;
    }

    private void Take(string keyword, JsonElement value, string path)
    {
        var place = $"{path}.{keyword}";
        switch (keyword)
        {
            case "type":
                foreach (var type in value.ValueKind == JsonValueKind.Array ? Strings(value, place) : [Text(value, place)])
                    _types.Add(Types.Contains(type) ? type : throw new JsonShapeException($"{place}: '{type}' is no type"));
                break;
            case "properties" when value.ValueKind == JsonValueKind.Object:
                foreach (var property in value.EnumerateObject()) _properties[property.Name] = Of(property.Value, $"{place}.{property.Name}");
                break;
            case "required":
                _required.AddRange(Strings(value, place));
                break;
            case "items":
                _items = Of(value, place);
                break;
            case "enum" when value.ValueKind == JsonValueKind.Array:
                _enum.AddRange(value.EnumerateArray().Select(v => v.Clone()));
                break;
            case "additionalProperties" when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                _isOpen = value.GetBoolean();
                break;
            case "minLength" or "maxLength" or "minItems" or "maxItems" or "minimum" or "maximum":
                _bounds[keyword] = value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw new JsonShapeException($"{place} must be a number");
                break;
            case "description" or "title" or "$schema":
                break;
            default:
                throw new JsonShapeException($"{place} is not supported, or not of its type");
        }
    }

    private void Check(JsonElement value, string path, List<string> faults)
    {
        if (faults.Count >= MaxFaults) return;
        var name = path.Length == 0 ? "the answer" : path;
        if (_types.Count > 0 && !_types.Any(type => Is(value, type)))
            faults.Add($"{name} is not {string.Join(" or ", _types)}");
        else if (_enum.Count > 0 && !_enum.Exists(v => JsonElement.DeepEquals(v, value)))
            faults.Add($"{name} is none of the allowed ones");
        else
            CheckInside(value, name, path, faults);
    }

    private void CheckInside(JsonElement value, string name, string path, List<string> faults)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                faults.AddRange(_required.Where(r => !value.TryGetProperty(r, out _)).Select(r => $"{Join(path, r)} is missing"));
                foreach (var property in value.EnumerateObject())
                    _properties.GetValueOrDefault(property.Name)?.Check(property.Value, Join(path, property.Name), faults);
                break;
            case JsonValueKind.Array:
                Bound(value.GetArrayLength(), "minItems", "maxItems", $"{name} has", "items", faults);
                var index = 0;
                foreach (var item in value.EnumerateArray()) _items?.Check(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"), faults);
                break;
            case JsonValueKind.String:
                Bound(value.GetString()!.Length, "minLength", "maxLength", $"{name} has", "characters", faults);
                break;
            case JsonValueKind.Number:
                Bound(value.GetDouble(), "minimum", "maximum", $"{name} is", "", faults);
                break;
        }
    }

    private void Bound(double actual, string least, string most, string what, string unit, List<string> faults)
    {
        if (_bounds.TryGetValue(least, out var min) && actual < min)
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{what} less than {min} {unit}").TrimEnd());
        if (_bounds.TryGetValue(most, out var max) && actual > max)
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{what} more than {max} {unit}").TrimEnd());
    }

    private static bool Is(JsonElement value, string type) => value.ValueKind switch
    {
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        JsonValueKind.Number => type == "number" || (type == "integer" && value.TryGetDouble(out var number) && Math.Floor(number) == number),
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        JsonValueKind.Null => type == "null",
        _ => false,
    };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Text(JsonElement value, string place) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new JsonShapeException($"{place} must be text");

    private static List<string> Strings(JsonElement value, string place) => value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Select(v => Text(v, place))]
        : throw new JsonShapeException($"{place} must be a list");
}
