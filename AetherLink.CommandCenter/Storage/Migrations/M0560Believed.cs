using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>The index of what the mesh says of itself holds no longer what others say in its name, however much that is.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611220560_believed")]
internal sealed class M0560Believed : Migration
{
    private const string Types =
        """
        'service.health.failed', 'service.health.recovered', 'service.registered', 'service.unregistered', 'service.version.changed',
            'autoheal.attempted', 'autoheal.succeeded', 'autoheal.failed', 'autoheal.suppressed'
        """;

    // As Believed writes it for a Command Center of this name; one of another is answered by the index of all events of a type.
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        $"""
        drop index command_center.events_of_the_mesh;
        create index events_of_the_mesh on command_center.events (event_type, seq)
            where tenant_id = 'default' and (origin = 1 or publisher = 'command-center') and event_type in ({Types});
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        $"""
        drop index command_center.events_of_the_mesh;
        create index events_of_the_mesh on command_center.events (event_type, seq) where tenant_id = 'default' and event_type in ({Types});
        """);
}
