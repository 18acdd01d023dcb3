using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AetherLink.CommandCenter.Events.Schemas;

/// <summary>Whom a new version of a schema would break.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Side>))]
internal enum Side
{
    /// <summary>Who reads by the old version would be given what it does not take.</summary>
    [JsonStringEnumMemberName("readers")]
    Readers,

    /// <summary>What is written by the old version would be refused.</summary>
    [JsonStringEnumMemberName("writers")]
    Writers,
}

/// <summary>One thing that a new version would break, and a payload that shows it.</summary>
internal sealed record Breakage(string Property, Side Breaks, string Reason, JsonObject Example);

/// <summary>
/// Whether a new version of a schema can take the place of the old one while both are in use. Readers are broken by a payload
/// that the new version takes and the old one does not. Writers are broken by a payload of the old version's own fields that
/// the old version takes and the new one does not; a field that no version has named is nobody's promise.
/// </summary>
internal static class Compatibility
{
    /// <summary>None when every reader and every writer of the old version can stay as it is.</summary>
    public static IEnumerable<Breakage> Between(EventSchema old, EventSchema next)
    {
        foreach (var (name, property) in old.Properties)
        {
            var wasRequired = old.Required.Contains(name);
            if (!next.Properties.TryGetValue(name, out var now))
            {
                yield return wasRequired
                    ? new(name, Side.Readers, "is required, and would be gone", Smallest(next))
                    : new(name, Side.Readers, "would be gone, and then could be anything", With(next, name, ValueOutside(property.Type)));
                continue;
            }
            if (wasRequired && !next.Required.Contains(name))
            {
                yield return new(name, Side.Readers, "is required, and could be absent", Smallest(next));
            }
            if (ValueOf(now.Type, outside: property.Type) is { } unread)
            {
                yield return new(name, Side.Readers, Changed(property.Type, now.Type), With(next, name, unread));
            }
            if (ValueOf(property.Type, outside: now.Type) is { } refused)
            {
                yield return new(name, Side.Writers, Changed(property.Type, now.Type), With(old, name, refused));
            }
        }
        foreach (var name in next.Required.Where(name => !old.Required.Contains(name)))
        {
            yield return new(name, Side.Writers, "would be required, and may be absent", Smallest(old));
        }
    }

    private static string Changed(PropertyType from, PropertyType to) => $"is {from.WithArticle()}, and would be {to.WithArticle()}";

    /// <summary>The smallest payload that a schema takes.</summary>
    private static JsonObject Smallest(EventSchema schema) =>
        new(schema.Required.Select(name => KeyValuePair.Create(name, (JsonNode?)ValueOf(schema.Properties[name].Type))));

    private static JsonObject With(EventSchema schema, string name, JsonNode value)
    {
        var payload = Smallest(schema);
        payload[name] = value;
        return payload;
    }

    /// <summary>A value of one type that is not of the other; null when there is none.</summary>
    private static JsonNode? ValueOf(PropertyType type, PropertyType outside) =>
        type == outside || (type, outside) is (PropertyType.Integer, PropertyType.Number) ? null : ValueOf(type);

    private static JsonNode ValueOutside(PropertyType type) => ValueOf(type is PropertyType.Text ? PropertyType.Boolean : PropertyType.Text);

    private static JsonNode ValueOf(PropertyType type) => type switch
    {
        PropertyType.Text => JsonValue.Create("text"),
        PropertyType.Number => JsonValue.Create(0.5),
        PropertyType.Integer => JsonValue.Create(1),
        PropertyType.Boolean => JsonValue.Create(true),
        PropertyType.Array => new JsonArray(),
        _ => new JsonObject(),
    };
}
