using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.AutoHeal.Storage.Migrations;

[DbContext(typeof(HealContext))]
[Migration("20260101000003_escalations")]
internal sealed class Escalations : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        alter table auto_heal.heals add column trace_id text, add column escalated_at timestamptz;
        alter table auto_heal.maintenance_windows add column trace_id text;
        create table auto_heal.brake (
            is_one boolean primary key default true check (is_one),
            engaged boolean not null,
            at timestamptz not null);
        insert into auto_heal.brake (engaged, at) values (false, now());
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        drop table auto_heal.brake;
        alter table auto_heal.maintenance_windows drop column trace_id;
        alter table auto_heal.heals drop column escalated_at, drop column trace_id;
        """);
}
