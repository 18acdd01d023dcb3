using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>What the replicas have announced of what each of them watches.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210101_announcements")]
internal sealed class M0101Announcements : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        create table command_center.announced_changes (
            subject    text        primary key,
            state      text        not null,
            changed_at timestamptz not null
        );
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("drop table command_center.announced_changes;");
}
