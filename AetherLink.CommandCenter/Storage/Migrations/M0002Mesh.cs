using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>Services that registered themselves, and what the Orchestrator's audit told.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210002_mesh")]
internal sealed class M0002Mesh : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        create table command_center.registered_services (
            name           text        primary key,
            url            text        not null,
            health_url     text        not null,
            version        text,
            roles_required text[]      not null,
            tags           text[]      not null,
            last_seen      timestamptz not null
        );

        create table command_center.ai_calls (
            seq           bigint generated always as identity primary key,
            call_id       text        not null unique,
            tenant_id     text        not null,
            intent        text        not null,
            outcome       text        not null,
            provider      text,
            model         text,
            attempts      jsonb       not null,
            fell_back     boolean     not null,
            latency_ms    double precision not null,
            overhead_ms   double precision not null,
            input_tokens  bigint      not null,
            output_tokens bigint      not null,
            cost_usd      numeric     not null,
            caller        text,
            trace_id      text,
            called_at     timestamptz not null
        );
        create index on command_center.ai_calls (called_at);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        "drop table command_center.registered_services, command_center.ai_calls;");
}
