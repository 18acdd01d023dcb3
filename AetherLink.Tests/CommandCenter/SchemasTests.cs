using AetherLink.CommandCenter.Events.Schemas;
using AetherLink.ServiceDefaults;

namespace AetherLink.Tests.CommandCenter;

public sealed class SchemasTests
{
    [Fact]
    public void Every_shipped_type_has_a_schema_and_no_other() =>
        Assert.Equal(EventTypes.All.Order(), ShippedTypes.All.Select(schema => schema.EventType).Order());

    [Fact]
    public void Every_schema_describes_its_payload() => Assert.All(ShippedTypes.All, schema =>
    {
        Assert.True(schema.Properties.Count > 0 && schema.Description.EndsWith('.'));
        Assert.All(schema.Properties.Values, property => Assert.EndsWith(".", property.Description, StringComparison.Ordinal));
        Assert.Subset(schema.Properties.Keys.ToHashSet(), schema.Required.ToHashSet());
    });

    [Fact]
    public void Proposal_names_every_wrong_field_at_once()
    {
        var (_, errors) = ProposalCheck.Read(new("Billing", 0, " ", ["amount", null, "none"], new Dictionary<string, ProposedProperty?>
        {
            ["amount"] = new("decimal", null),
            ["a b"] = new("string", new('x', 501)),
            ["absent"] = null,
        }));

        Assert.Equal(
            ["description", "event_type", "properties.a b", "properties.a b.description", "properties.absent.type", "properties.amount.type", "required", "version"],
            errors.Select(error => error.Field).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(0, Ruling.Accepted, 3)]
    [InlineData(3, Ruling.Accepted, 3)]
    [InlineData(2, Ruling.Refused, 2)]
    [InlineData(4, Ruling.Refused, 2)]
    internal void Version_is_the_next_one_or_somebody_was_faster(int proposed, Ruling ruling, int version)
    {
        var current = Schema(2, "a");

        var registration = Registration.Decide(current, Schema(proposed, "a", "b"));

        Assert.Equal((ruling, version), (registration.Ruling, registration.Schema!.Version));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Proposal_that_says_what_is_in_force_changes_nothing(int version) =>
        Assert.Equal(Ruling.Unchanged, Registration.Decide(Schema(2, "a", "b"), Schema(version, "b", "a")).Ruling);

    private static EventSchema Schema(int version, params string[] names) => new(
        "billing.paid", version, [], names.ToDictionary(name => name, _ => new PropertySchema(PropertyType.Text, "")), "Paid.");
}
