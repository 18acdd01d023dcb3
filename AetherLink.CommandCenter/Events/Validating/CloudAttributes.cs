using System.Buffers;
using System.Text.Json;

namespace AetherLink.CommandCenter.Events.Validating;

/// <summary>
/// What only a CloudEvent has. The attributes that the envelope has a place for go there; the others (subject, dataschema and
/// extensions) are kept in the payload, as its member <c>cloudevents</c>.
/// </summary>
internal static class CloudAttributes
{
    private const string Member = "cloudevents";

    /// <summary>Characters; the specification asks to carry at least 64 kB of a whole event, and no attribute is near it.</summary>
    private const int LongestValue = 1_024;

    /// <summary>What the envelope has a place for, or says nothing once the payload is an object.</summary>
    private static readonly HashSet<string> Placed = new(StringComparer.Ordinal)
    {
        "specversion", "id", "type", "source", "time", "data", "data_base64", "datacontenttype", "tenantid", "severity", "traceparent",
    };

    public static void Check(FieldReader fields)
    {
        if (fields.Text("specversion", 8, required: true) is { } version && version != "1.0")
        {
            fields.Refuse("specversion", "must be 1.0");
        }
        if (fields.TryGet("data_base64", required: false, out _))
        {
            fields.Refuse("data_base64", "is not taken: data must be a JSON object");
        }
        if (fields.Text("datacontenttype", EventLimits.SourceLength) is { } type && !IsJson(type))
        {
            fields.Refuse("datacontenttype", "must be JSON: application/json, or ending in +json");
        }
    }

    /// <summary>The payload with the attributes that have no place in the envelope.</summary>
    public static byte[] Keep(FieldReader fields, JsonElement root, JsonElement data, byte[] payload)
    {
        var others = root.EnumerateObject().Where(one => !Placed.Contains(one.Name) && one.Value.ValueKind is not JsonValueKind.Null)
            .Select(one => one.Name).Distinct(StringComparer.Ordinal).ToList();
        foreach (var name in others)
        {
            CheckOther(fields, root.GetProperty(name), name);
        }
        if (others.Count == 0)
        {
            return payload;
        }
        if (data.ValueKind is JsonValueKind.Object && data.TryGetProperty(Member, out _))
        {
            fields.Refuse($"data.{Member}", "is where the event's other attributes are kept");
        }
        return fields.Errors.Count == 0 ? Merge(root, data, others) : payload;
    }

    private static void CheckOther(FieldReader fields, JsonElement value, string name)
    {
        if (!name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter)))
        {
            fields.Refuse(name.Length <= 64 ? name : name[..64], "is not an attribute's name: it has lower-case letters and digits alone");
            return;
        }
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                fields.Text(name, LongestValue);
                break;
            case JsonValueKind.True or JsonValueKind.False:
            case JsonValueKind.Number when value.TryGetInt32(out _):
                break;
            default:
                fields.Refuse(name, "must be text, a boolean or an integer of 32 bits, as an attribute is");
                break;
        }
    }

    private static byte[] Merge(JsonElement root, JsonElement data, List<string> others)
    {
        var merged = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(merged))
        {
            writer.WriteStartObject();
            if (data.ValueKind is JsonValueKind.Object)
            {
                foreach (var member in data.EnumerateObject())
                {
                    member.WriteTo(writer);
                }
            }
            writer.WriteStartObject(Member);
            foreach (var name in others)
            {
                writer.WritePropertyName(name);
                root.GetProperty(name).WriteTo(writer);
            }
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return merged.WrittenSpan.ToArray();
    }

    private static bool IsJson(string contentType)
    {
        var type = contentType.Split(';')[0].Trim();
        return type.EndsWith("/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }
}
