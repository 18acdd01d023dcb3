using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>What lets the lists of deliveries and of people's changes find the rare, or its absence, without reading the table.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210453_list_indexes")]
internal sealed class M0453ListIndexes : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        create index deliveries_event_type on command_center.deliveries (event_type, id);
        create index deliveries_unfinished on command_center.deliveries (tenant_id, status, id) where status <> 1;

        create index operator_audit_target on command_center.operator_audit (target, seq);
        -- With what the statistics of a year count: they read the index alone.
        drop index command_center.operator_audit_at;
        create index operator_audit_at on command_center.operator_audit (at) include (action, actor, tenant_id);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        drop index command_center.operator_audit_at;
        create index operator_audit_at on command_center.operator_audit (at);
        drop index command_center.operator_audit_target, command_center.deliveries_unfinished, command_center.deliveries_event_type;
        """);
}
