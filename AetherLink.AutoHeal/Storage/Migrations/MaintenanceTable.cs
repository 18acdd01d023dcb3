using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.AutoHeal.Storage.Migrations;

[DbContext(typeof(HealContext))]
[Migration("20260101000002_maintenance")]
internal sealed class MaintenanceTable : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        create table auto_heal.maintenance_windows (
            id uuid primary key,
            target text,
            starts_at timestamptz not null,
            until timestamptz not null,
            reason text not null,
            created_by text not null);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("drop table auto_heal.maintenance_windows;");
}
