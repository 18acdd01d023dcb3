using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>Beside an actor's name, which can be changed, what the issuer knows the person by.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210461_audit_subject")]
internal sealed class M0461AuditSubject : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("alter table command_center.operator_audit add column subject text;");

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("alter table command_center.operator_audit drop column subject;");
}
