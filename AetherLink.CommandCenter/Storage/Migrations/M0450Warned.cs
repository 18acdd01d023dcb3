using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>When an endpoint's last warning was: what follows it leaves time to do something.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210450_warned")]
internal sealed class M0450Warned : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        "alter table command_center.webhook_endpoints add column warned_at timestamptz");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        "alter table command_center.webhook_endpoints drop column warned_at");
}
