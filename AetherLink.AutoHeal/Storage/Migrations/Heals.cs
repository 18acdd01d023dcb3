using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.AutoHeal.Storage.Migrations;

[DbContext(typeof(HealContext))]
[Migration("20260101000001_heals")]
internal sealed class Heals : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        create table auto_heal.heals (
            id uuid primary key,
            target text not null,
            kind text not null,
            action text not null,
            reason text not null,
            requested_by text,
            forced boolean not null,
            healer text not null,
            streak integer not null,
            failing_since timestamptz not null,
            started_at timestamptz not null,
            finished_at timestamptz,
            success boolean not null,
            verified boolean not null,
            message text not null);
        create index heals_started on auto_heal.heals (started_at desc);
        create index heals_under_way on auto_heal.heals (started_at) where finished_at is null;
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("drop table auto_heal.heals;");
}
