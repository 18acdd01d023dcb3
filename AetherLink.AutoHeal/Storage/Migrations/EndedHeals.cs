using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.AutoHeal.Storage.Migrations;

/// <summary>What the history and the statistics count, without reading the heals themselves.</summary>
[DbContext(typeof(HealContext))]
[Migration("20260101000005_ended_heals")]
internal sealed class EndedHeals : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        "create index heals_ended on auto_heal.heals (target, success) where finished_at is not null;");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("drop index auto_heal.heals_ended;");
}
