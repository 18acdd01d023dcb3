using System.Text.Json;
using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Events.Schemas;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.CommandCenter;

/// <summary>The verdict on two versions, held against what payloads really go through.</summary>
public sealed class CompatibilityProperties
{
    private static readonly string[] Names = ["a", "b", "c"];

    private static readonly JsonNode?[] Values =
        [null, JsonValue.Create("t"), JsonValue.Create(1), JsonValue.Create(0.5), JsonValue.Create(true), new JsonArray(), new JsonObject()];

    /// <summary>Every payload over three names, each absent or of one of seven values: 512.</summary>
    private static readonly JsonElement[] Payloads =
    [
        .. from a in Enumerable.Range(-1, Values.Length + 1)
           from b in Enumerable.Range(-1, Values.Length + 1)
           from c in Enumerable.Range(-1, Values.Length + 1)
           select Payload(a, b, c),
    ];

    private static readonly Gen<EventSchema> Schemas =
        from present in Gen.Choose(0, 3).ArrayOf(Names.Length)
        from types in Gen.Elements(Enum.GetValues<PropertyType>()).ArrayOf(Names.Length)
        let named = Enumerable.Range(0, Names.Length).Where(at => present[at] > 0).ToList()
        select new EventSchema(
            "a.b", 1, [.. named.Where(at => present[at] > 2).Select(at => Names[at])],
            named.ToDictionary(at => Names[at], at => new PropertySchema(types[at], "")), "");

    /// <summary>Versions that differ much, and versions that differ in one thing.</summary>
    private static readonly Arbitrary<(EventSchema Old, EventSchema Next)> Versions = Gen.OneOf(
        from old in Schemas from next in Schemas select (old, next),
        from old in Schemas from other in Schemas from name in Gen.Elements(Names) select (old, Mixed(old, other, name))).ToArbitrary();

    [Fact]
    public void Example_of_a_breakage_really_breaks_whom_it_is_said_to_break() => Holds(versions =>
        Compatibility.Between(versions.Old, versions.Next).All(breakage =>
        {
            var example = JsonSerializer.SerializeToElement(breakage.Example);
            return breakage.Breaks is Side.Readers
                ? Takes(versions.Next, example) && !Takes(versions.Old, example)
                : Writes(versions.Old, example) && !Takes(versions.Next, example);
        }));

    [Fact]
    public void Version_without_breakages_breaks_nobody_with_any_payload() => Holds(versions =>
    {
        var breakages = Compatibility.Between(versions.Old, versions.Next).ToList();
        return (breakages.Exists(one => one.Breaks is Side.Readers) || Payloads.All(payload => !Takes(versions.Next, payload) || Takes(versions.Old, payload)))
            && (breakages.Exists(one => one.Breaks is Side.Writers) || Payloads.All(payload => !Writes(versions.Old, payload) || Takes(versions.Next, payload)));
    });

    [Fact]
    public void Version_that_breaks_nobody_can_be_followed_by_another_without_breaking_the_first() => Holds(versions =>
    {
        var third = versions.Next with { Properties = versions.Next.Properties.Append(new("d", new(PropertyType.Text, ""))).ToDictionary() };
        return Compatibility.Between(versions.Old, versions.Next).Any() || !Compatibility.Between(versions.Old, third).Any();
    });

    [Theory]
    [InlineData("a:string", "a:string b:string", "")]
    [InlineData("a*:string", "a*:string b*:string", "b Writers {\"a\":\"text\"}")]
    [InlineData("a*:string b:integer", "a*:string", "b Readers {\"a\":\"text\",\"b\":\"text\"}")]
    [InlineData("a*:string", "a:string", "a Readers {}")]
    [InlineData("a:string", "a*:string", "a Writers {}")]
    [InlineData("a:integer", "a:number", "a Readers {\"a\":0.5}")]
    [InlineData("a:number", "a:integer", "a Writers {\"a\":0.5}")]
    [InlineData("a:string", "a:boolean", "a Readers {\"a\":true}, a Writers {\"a\":\"text\"}")]
    public void Change_is_compatible_or_is_shown_not_to_be(string old, string next, string breakages) => Assert.Equal(
        breakages,
        string.Join(", ", Compatibility.Between(Parse(old), Parse(next)).Select(one => $"{one.Property} {one.Breaks} {one.Example.ToJsonString()}")));

    private static void Holds(Func<(EventSchema Old, EventSchema Next), bool> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_500), Prop.ForAll(Versions, property));

    private static bool Takes(EventSchema schema, JsonElement payload) => !new PayloadCheck(schema).Violations(payload, "payload").Any();

    /// <summary>A payload of a writer that keeps to the schema: of its own fields alone.</summary>
    private static bool Writes(EventSchema schema, JsonElement payload) =>
        payload.EnumerateObject().All(member => schema.Properties.ContainsKey(member.Name)) && Takes(schema, payload);

    private static EventSchema Mixed(EventSchema old, EventSchema other, string name)
    {
        var properties = old.Properties.Where(one => one.Key != name).Concat(other.Properties.Where(one => one.Key == name)).ToDictionary();
        return old with
        {
            Properties = properties,
            Required = [.. old.Required.Where(one => one != name), .. other.Required.Where(one => one == name)],
        };
    }

    private static JsonElement Payload(params int[] values) => JsonSerializer.SerializeToElement(new JsonObject(
        Names.Zip(values).Where(one => one.Second >= 0).Select(one => KeyValuePair.Create(one.First, Values[one.Second]?.DeepClone()))));

    private static EventSchema Parse(string text)
    {
        var fields = text.Split(' ').Select(field => field.Split(':')).ToList();
        return new("a.b", 1, [.. fields.Where(field => field[0].EndsWith('*')).Select(field => field[0].TrimEnd('*'))],
            fields.ToDictionary(
                field => field[0].TrimEnd('*'),
                field => new PropertySchema(PropertyTypes.TryParse(field[1], out var type) ? type : throw new ArgumentException(field[1]), "")), "");
    }
}
