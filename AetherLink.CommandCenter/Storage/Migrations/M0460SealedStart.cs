using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>
/// An operator audit without entries is sealed like any other, by whoever makes its table and at no other time: without a seal an
/// audit that was emptied would look like one that has just begun.
/// </summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210460_sealed_start")]
internal sealed class M0460SealedStart : Migration
{
    /// <summary>The seal, in hexadecimal digits, which Postgres does not have the key for; the service says it on its connection.</summary>
    public const string Setting = "aetherlink.seal_of_empty_audit";

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        $"""
        update command_center.operator_audit_head set seal = decode(coalesce(current_setting('{Setting}', true), ''), 'hex')
        where seq = 0 and pruned_seq = 0 and resealed_seq = 0 and seal = '';
        alter table command_center.operator_audit_head
            add constraint operator_audit_head_order check (0 <= pruned_seq and pruned_seq <= seq and 0 <= resealed_seq and resealed_seq <= seq);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        "alter table command_center.operator_audit_head drop constraint operator_audit_head_order;");
}
