using AetherLink.CommandCenter.Events;
using AetherLink.ServiceDefaults;

namespace AetherLink.Tests.CommandCenter;

public sealed class SchemasTests
{
    [Fact]
    public void Every_shipped_type_has_a_schema_and_no_other() =>
        Assert.Equal(EventTypes.All.Order(), Schemas.All.Select(schema => schema.EventType).Order());

    [Fact]
    public void Every_schema_describes_its_payload() =>
        Assert.All(Schemas.All, schema => Assert.True(schema.Properties.Count > 0 && schema.Description.EndsWith('.')));
}
