using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>The rule of the alert that a delivery tells of, and what of the queue has few attempts left.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210452_delivery_rules")]
internal sealed class M0452DeliveryRules : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        alter table command_center.deliveries add column rule_id text;
        create index on command_center.delivery_queue (tenant_id) where failed >= 8;
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        drop index command_center.delivery_queue_tenant_id_idx;
        alter table command_center.deliveries drop column rule_id;
        """);
}
