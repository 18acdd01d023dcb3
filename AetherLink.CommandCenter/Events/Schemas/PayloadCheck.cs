using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Events.Schemas;

/// <summary>Holds payloads against a schema.</summary>
internal sealed class PayloadCheck
{
    // Names as UTF-8, as the payload has them: an event is checked without making a text of any of its names.
    private readonly ImmutableArray<(byte[] Utf8, string Name, PropertyType Type, bool IsRequired)> _properties;

    public PayloadCheck(EventSchema schema) => _properties =
        [.. schema.Properties.Select(one => (Encoding.UTF8.GetBytes(one.Key), one.Key, one.Value.Type, schema.Required.Contains(one.Key)))];

    /// <summary>Everything that is wrong with a payload: where, what was expected, and what is there.</summary>
    /// <param name="payload">An object.</param>
    /// <param name="path">Where it stands in the envelope.</param>
    public IEnumerable<FieldError> Violations(JsonElement payload, string path)
    {
        foreach (var (utf8, name, type, isRequired) in _properties)
        {
            if (!payload.TryGetProperty(utf8, out var value) || value.ValueKind is JsonValueKind.Null)
            {
                if (isRequired)
                {
                    yield return new($"{path}.{name}", $"is required: {type.WithArticle()}");
                }
            }
            else if (!Is(value, type))
            {
                yield return new($"{path}.{name}", $"must be {type.WithArticle()}, and is {TypeOf(value).WithArticle()}");
            }
        }
    }

    private static bool Is(JsonElement value, PropertyType type) =>
        TypeOf(value) is var actual && (actual == type || (actual is PropertyType.Integer && type is PropertyType.Number));

    private static PropertyType TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => PropertyType.Text,
        JsonValueKind.Number => JsonMarshal.GetRawUtf8Value(value).ContainsAny(".eE"u8) ? PropertyType.Number : PropertyType.Integer,
        JsonValueKind.True or JsonValueKind.False => PropertyType.Boolean,
        JsonValueKind.Array => PropertyType.Array,
        _ => PropertyType.Object,
    };
}
