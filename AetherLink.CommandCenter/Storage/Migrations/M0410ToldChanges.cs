using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>Changes at other services that are on record already: Kafka brings a message more than once.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210410_told_changes")]
internal sealed class M0410ToldChanges : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        create table command_center.told_changes (
            id      uuid        primary key,
            told_at timestamptz not null
        );
        create index told_changes_at on command_center.told_changes (told_at);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("drop table command_center.told_changes;");
}
