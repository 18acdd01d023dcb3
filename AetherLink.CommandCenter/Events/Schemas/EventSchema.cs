using System.Text.Json.Serialization;

namespace AetherLink.CommandCenter.Events.Schemas;

/// <summary>An event type: what it means, and what its payload says.</summary>
/// <param name="EventType">The name of the type.</param>
/// <param name="Version">The version of the payload; consumers ignore fields that they do not know.</param>
/// <param name="Required">The payload's fields that are always there.</param>
/// <param name="Properties">The payload's fields. Others are taken too, and kept.</param>
/// <param name="Description">When it is published.</param>
internal sealed record EventSchema(
    string EventType,
    int Version,
    IReadOnlyList<string> Required,
    IReadOnlyDictionary<string, PropertySchema> Properties,
    string Description);

/// <param name="Type">What its value is. Null counts as absent.</param>
/// <param name="Description">What it says.</param>
internal sealed record PropertySchema(PropertyType Type, string Description);

/// <summary>The types of JSON; an integer is a number that is written without fraction and exponent.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PropertyType>))]
internal enum PropertyType
{
    [JsonStringEnumMemberName("string")]
    Text,
    [JsonStringEnumMemberName("number")]
    Number,
    [JsonStringEnumMemberName("integer")]
    Integer,
    [JsonStringEnumMemberName("boolean")]
    Boolean,
    [JsonStringEnumMemberName("array")]
    Array,
    [JsonStringEnumMemberName("object")]
    Object,
}

internal static class PropertyTypes
{
    public const string Listed = "string, number, integer, boolean, array or object";

    public static string Name(this PropertyType type) => type switch
    {
        PropertyType.Text => "string",
        PropertyType.Number => "number",
        PropertyType.Integer => "integer",
        PropertyType.Boolean => "boolean",
        PropertyType.Array => "array",
        _ => "object",
    };

    public static string WithArticle(this PropertyType type) =>
        type is PropertyType.Integer or PropertyType.Array or PropertyType.Object ? $"an {type.Name()}" : $"a {type.Name()}";

    public static bool TryParse(string? text, out PropertyType type)
    {
        foreach (var known in Enum.GetValues<PropertyType>())
        {
            if (known.Name() == text)
            {
                type = known;
                return true;
            }
        }
        type = default;
        return false;
    }
}
