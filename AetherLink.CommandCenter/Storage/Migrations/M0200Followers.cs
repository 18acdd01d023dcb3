using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>How far each follower of the events is.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210200_followers")]
internal sealed class M0200Followers : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        -- One row each, updated with every page: the free space keeps the updates on its own page of the table.
        create table command_center.followers (
            name text   primary key,
            seq  bigint not null
        ) with (fillfactor = 10);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        "drop table command_center.followers;");
}
