using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.AutoHeal.Storage.Migrations;

/// <summary>When a replica last asked for the duty that another one has: who is on duty knows by it that there are others.</summary>
[DbContext(typeof(HealContext))]
[Migration("20260101000007_others_than_on_duty")]
internal sealed class OthersThanOnDuty : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("alter table auto_heal.duty add column other_at timestamptz;");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("alter table auto_heal.duty drop column other_at;");
}
