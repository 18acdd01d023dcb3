using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>Rules, alerts, silences and templates.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210201_alerts")]
internal sealed class M0201Alerts : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        create table command_center.alert_rules (
            rule_id        uuid        primary key,
            tenant_id      text,
            name           text        not null,
            event_type     text,
            severity       text,
            source         text,
            group_by       text,
            window_seconds int         not null check (window_seconds > 0),
            threshold      int         not null check (threshold > 0),
            alert_severity smallint    not null,
            enabled        boolean     not null,
            template_id    text,
            created_by     text        not null,
            created_at     timestamptz not null,
            updated_by     text        not null,
            updated_at     timestamptz not null,
            overflowed     bigint      not null default 0
        );

        -- One row, raised with every change of a rule or a silence: by it the evaluator knows that there was one.
        create table command_center.alert_revision (revision bigint not null) with (fillfactor = 10);
        insert into command_center.alert_revision values (0);

        -- One row: the evaluator's clock at its position, and the revision it has taken over.
        create table command_center.alert_progress (
            revision     bigint      not null,
            evaluated_at timestamptz not null
        ) with (fillfactor = 10);
        insert into command_center.alert_progress values (0, now());

        create table command_center.alerts (
            seq             bigint      generated always as identity primary key,
            alert_id        uuid        not null unique,
            rule_id         uuid        not null,
            rule_name       text        not null,
            tenant_id       text        not null,
            group_key       text,
            alert_severity  smallint    not null,
            threshold       int         not null,
            window_seconds  int         not null,
            matched_count   bigint      not null,
            event_ids       text[]      not null,
            event_type      text,
            source          text,
            group_by        text,
            raised_at       timestamptz not null,
            acknowledged_at timestamptz,
            acknowledged_by text,
            silenced_by     uuid,
            silenced_at     timestamptz,
            resolved_at     timestamptz,
            resolved_reason text
        );
        -- One active alert a window: what is raised twice fails here.
        create unique index on command_center.alerts (rule_id, tenant_id, (coalesce('=' || group_key, ''))) where resolved_at is null;
        create index on command_center.alerts (seq) where resolved_at is null;
        create index on command_center.alerts (tenant_id, seq);
        create index on command_center.alerts (alert_severity, seq);
        create index on command_center.alerts (rule_id, seq);
        create index on command_center.alerts using brin (resolved_at);

        create table command_center.alert_silences (
            seq            bigint      generated always as identity primary key,
            silence_id     uuid        not null unique,
            tenant_id      text,
            matchers       jsonb       not null,
            starts_at      timestamptz not null,
            ends_at        timestamptz not null,
            until_resolved boolean     not null,
            reason         text        not null,
            author         text        not null,
            created_at     timestamptz not null,
            ended_by       text,
            announced      boolean     not null default false,
            check (ends_at >= starts_at)
        );
        create index on command_center.alert_silences (ends_at);

        create table command_center.alert_mutes (
            seq        bigint      generated always as identity primary key,
            silence_id uuid        not null references command_center.alert_silences (silence_id) on delete cascade,
            alert_id   uuid        not null references command_center.alerts (alert_id) on delete cascade,
            muted_at   timestamptz not null,
            unmuted_at timestamptz
        );
        create index on command_center.alert_mutes (silence_id, seq);
        create index on command_center.alert_mutes (alert_id);

        create table command_center.alert_templates (
            template_id text        primary key,
            tenant_id   text,
            name        text        not null,
            description text        not null,
            rule        jsonb       not null,
            created_by  text        not null,
            created_at  timestamptz not null,
            updated_by  text        not null,
            updated_at  timestamptz not null
        );
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        drop table command_center.alert_mutes, command_center.alert_silences, command_center.alerts, command_center.alert_rules,
            command_center.alert_templates, command_center.alert_revision, command_center.alert_progress;
        """);
}
