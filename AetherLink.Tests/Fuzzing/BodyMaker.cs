using System.Text;
using System.Text.Json.Nodes;

namespace AetherLink.Tests.Fuzzing;

/// <summary>Bodies by an operation's schema: right, nearly right, and hostile.</summary>
internal sealed class BodyMaker(Dice dice, Operation operation, DateTimeOffset now)
{
    private static readonly int[] Depths = [3, 63, 64, 65, 1_000, 100_000];

    /// <summary>Around the limits of an event, of any body and, seldom, of a batch; bytes.</summary>
    private static readonly int[] Sizes = [65_000, 65_536, 65_537, 66_000, 131_073, 1_048_576, 1_048_577, 1_100_000];

    private static readonly int[] LargeSizes = [8 * 1_048_576, (8 * 1_048_576) + 1, (8 * 1_048_576) + 70_000];

    private bool IsBatch => Schema is { } schema && (string?)schema["type"] == "array";

    private JsonNode? Schema => ValidValues.Resolved(operation.Body, operation.Components);

    public byte[] Make() => dice.Below(100) switch
    {
        < 25 => Text(Root(Fields())),
        < 50 => Text(Root(WithOneBad(Fields()))),
        < 60 => Text(Root(Rearranged(Fields()))),
        < 66 => Text(dice.Pick(Pools.Json)),
        < 71 => Text(dice.Pick(Pools.NoJson)),
        < 76 => Cut(Text(Root(Fields()))),
        < 79 => dice.Bytes(dice.Below(300)),
        < 84 => WithBadBytes(Text(Root(Fields()))),
        < 89 => Encoded(Root(Fields())),
        < 94 => Text(Root([.. Fields(), ("deep", Deep())])),
        < 97 => Text(Root([.. Fields(), ("wide", Wide())])),
        _ => Text(Root([.. Fields(), ("big", $"\"{new string('x', Size())}\"")])),
    };

    private List<(string Name, string Json)> Fields()
    {
        var schema = IsBatch ? ValidValues.Resolved(Schema!["items"], operation.Components) : Schema;
        // A document that says only "JSON": the fields are those of the contract.
        var properties = schema?["properties"]?.AsObject().Select(property => (property.Key, property.Value))
            ?? [("intent", null), ("tenant_id", (JsonNode?)null), ("payload", null)];
        var required = schema?["required"]?.AsArray().Select(name => (string?)name).ToHashSet();
        return [.. properties
            .Where(property => required?.Contains(property.Item1) is not false || dice.Chance(0.5))
            .Select(property => (property.Item1, ValidValues.Json(dice, property.Item1, property.Item2, operation.Components, now)))];
    }

    private List<(string Name, string Json)> WithOneBad(List<(string Name, string Json)> fields)
    {
        if (fields.Count > 0)
        {
            var place = dice.Below(fields.Count);
            // Deeper too: what is bad in a payload is as bad.
            var bad = dice.Chance(0.1) ? $"\"{new string('x', dice.Pick(128, 129, 2_100, 70_000))}\"" : dice.Pick(Pools.Json);
            fields[place] = (fields[place].Name, dice.Chance(0.2) ? $"{{\"raw_text\":{bad}}}" : bad);
        }

        return fields;
    }

    private List<(string Name, string Json)> Rearranged(List<(string Name, string Json)> fields)
    {
        if (fields.Count == 0)
        {
            return [("unknown", "1")];
        }

        var field = dice.Pick(fields);
        switch (dice.Below(4))
        {
            case 0:
                fields.Remove(field);
                break;
            case 1:
                fields.Add((field.Name, dice.Pick(Pools.Json)));
                break;
            case 2:
                fields.Add((dice.Pick("unknown", "", "__proto__", "$type", "\\u0000", "\\ud800", field.Name.ToUpperInvariant()), dice.Pick(Pools.Json)));
                break;
            default:
                fields.Reverse();
                break;
        }

        return fields;
    }

    private string Root(IEnumerable<(string Name, string Json)> fields)
    {
        var one = $"{{{string.Join(',', fields.Select(field => $"\"{field.Name}\":{field.Json}"))}}}";
        if (!IsBatch)
        {
            return one;
        }

        return dice.Below(10) switch
        {
            0 => $"[{one},{dice.Pick(Pools.Json)}]",
            1 => $"{one}\n{one}\n\n{dice.Pick(Pools.NoJson)}",
            2 when one.Length < 500 => $"[{string.Join(',', Enumerable.Repeat(one, dice.Pick(999, 1_000, 1_001)))}]",
            3 => "[]",
            _ => $"[{one}]",
        };
    }

    private byte[] Cut(byte[] whole) => whole[..dice.Below(whole.Length + 1)];

    private byte[] WithBadBytes(byte[] whole)
    {
        byte[] bad = dice.Pick<byte[]>([0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0xAE], [0x00], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]);
        var place = dice.Below(whole.Length + 1);
        return [.. whole[..place], .. bad, .. whole[place..]];
    }

    private byte[] Encoded(string text) => dice.Below(6) switch
    {
        0 => [0xEF, 0xBB, 0xBF, .. Text(text)],
        1 => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)],
        2 => [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(text)],
        3 => Encoding.Unicode.GetBytes(text),
        4 => Encoding.UTF32.GetBytes(text),
        _ => [.. Text(text), 0],
    };

    private string Deep()
    {
        var depth = dice.Pick(Depths);
        return dice.Chance(0.5)
            ? new string('[', depth) + new string(']', depth)
            : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
    }

    private string Wide() => $"{{{string.Join(',', Enumerable.Range(0, dice.Pick(100, 5_000)).Select(number => $"\"k{number}\":{number}"))}}}";

    private int Size() => dice.Pick(IsBatch && dice.Chance(0.3) ? LargeSizes : Sizes);

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
