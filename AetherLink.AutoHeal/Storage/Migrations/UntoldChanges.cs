using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.AutoHeal.Storage.Migrations;

[DbContext(typeof(HealContext))]
[Migration("20260101000004_untold_changes")]
internal sealed class UntoldChanges : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        create table auto_heal.untold_changes (
            id uuid primary key,
            change text not null);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("drop table auto_heal.untold_changes;");
}
