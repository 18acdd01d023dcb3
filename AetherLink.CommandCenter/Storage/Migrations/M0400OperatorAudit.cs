using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>Who changed what, chained by hashes.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210400_operator_audit")]
internal sealed class M0400OperatorAudit : Migration
{
    // Json and not jsonb: the hash is over the text, which jsonb does not keep.
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        create table command_center.operator_audit (
            seq       bigint      primary key,
            at        timestamptz not null,
            actor     text        not null,
            roles     text[]      not null,
            tenant_id text,
            action    text        not null,
            target    text        not null,
            before    json,
            after     json,
            address   text,
            trace_id  text,
            hash      bytea       not null
        );
        create index operator_audit_actor  on command_center.operator_audit (actor, seq);
        create index operator_audit_action on command_center.operator_audit (action, seq);
        create index operator_audit_tenant on command_center.operator_audit (tenant_id, seq);
        create index operator_audit_at     on command_center.operator_audit (at);

        create table command_center.operator_audit_head (
            only_one     boolean primary key default true check (only_one),
            seq          bigint  not null,
            hash         bytea   not null,
            pruned_seq   bigint  not null,
            pruned_hash  bytea   not null,
            resealed_seq bigint  not null,
            seal         bytea   not null
        );
        insert into command_center.operator_audit_head (seq, hash, pruned_seq, pruned_hash, resealed_seq, seal)
        select 0, start, 0, start, 0, '' from (select decode(repeat('00', 32), 'hex') as start) s;
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        "drop table command_center.operator_audit, command_center.operator_audit_head;");
}
