using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>The rules that heal deliveries, and what each has done to each endpoint.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210310_delivery_healing")]
internal sealed class M0310DeliveryHealing : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        create table command_center.delivery_healing_rules (
            id               uuid        primary key,
            seq              bigint      generated always as identity,
            name             text        not null,
            tenant_id        text,
            match_endpoint   text        not null,
            match_triage     smallint,
            action           smallint    not null,
            cooldown_seconds int         not null,
            max_replays      int         not null,
            window_seconds   int         not null,
            enabled          boolean     not null,
            created_by       text        not null,
            created_at       timestamptz not null default now(),
            updated_at       timestamptz not null default now()
        );

        create table command_center.delivery_healing_memory (
            rule_id      uuid        not null references command_center.delivery_healing_rules on delete cascade,
            endpoint_id  uuid        not null,
            acted_at     timestamptz not null,
            window_start timestamptz not null,
            replays      int         not null,
            primary key (rule_id, endpoint_id)
        );
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        "drop table command_center.delivery_healing_memory, command_center.delivery_healing_rules;");
}
