using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>What was pruned and is still to be announced; an empty tenant is nobody's in particular.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210102_pruned")]
internal sealed class M0102Pruned : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        create table command_center.pruned (
            tenant_id      text        primary key,
            retention_days int         not null,
            before         timestamptz not null,
            events         bigint      not null
        );
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("drop table command_center.pruned;");
}
