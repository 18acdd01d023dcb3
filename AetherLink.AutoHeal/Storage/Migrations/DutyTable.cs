using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.AutoHeal.Storage.Migrations;

/// <summary>Which replica acts while Postgres is away.</summary>
[DbContext(typeof(HealContext))]
[Migration("20260101000006_duty")]
internal sealed class DutyTable : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        create table auto_heal.duty (
            is_one boolean primary key default true check (is_one),
            holder uuid not null,
            at timestamptz not null);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("drop table auto_heal.duty;");
}
