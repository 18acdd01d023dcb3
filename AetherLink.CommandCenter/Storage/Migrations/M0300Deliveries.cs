using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>Webhook endpoints, deliveries, the queue of what is still to be sent, and every attempt.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210300_deliveries")]
internal sealed class M0300Deliveries : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        create table command_center.webhook_endpoints (
            id              uuid        primary key,
            seq             bigint      generated always as identity,
            url             text        not null,
            kind            smallint    not null,
            tenant_id       text,
            event_types     text[]      not null,
            severity        smallint    not null,
            secret          text        not null,
            previous_secret text,
            previous_until  timestamptz,
            enabled         boolean     not null default true,
            disabled_reason text,
            is_configured   boolean     not null default false,
            created_at      timestamptz not null default now(),
            updated_at      timestamptz not null default now(),
            deleted_at      timestamptz,
            failures        int         not null default 0,
            failing_since   timestamptz,
            warnings        int         not null default 0,
            cooldown_until  timestamptz,
            cooldown_reason text,
            last_triage     smallint,
            last_failure_at timestamptz,
            last_success_at timestamptz
        ) with (fillfactor = 70);
        create unique index on command_center.webhook_endpoints (url) where is_configured and deleted_at is null;

        -- One row: whoever keeps the endpoints in memory asks it whether they are still those.
        create table command_center.webhook_version (version bigint not null) with (fillfactor = 10);
        insert into command_center.webhook_version values (0);

        -- Ids are of version 7: their order is the order of their making, and a time is a bound on them.
        create table command_center.deliveries (
            id           uuid        primary key,
            message_id   text        not null,
            endpoint_id  uuid        not null,
            tenant_id    text        not null,
            event_id     text        not null,
            event_seq    bigint,
            event_type   text        not null,
            severity     smallint    not null,
            status       smallint    not null default 0,
            error        smallint    not null default 0,
            triage       smallint,
            http_status  int,
            attempts     int         not null default 0,
            folded       int         not null default 0,
            created_at   timestamptz not null,
            completed_at timestamptz,
            original_id  uuid,
            replayed_by  text,
            body         bytea       not null
        );
        create unique index on command_center.deliveries (endpoint_id, event_seq);
        create index on command_center.deliveries (tenant_id, id);
        -- Most have succeeded, and are in neither.
        create index on command_center.deliveries (status, id) where status <> 1;
        create index on command_center.deliveries (triage, id) where triage is not null;
        create index on command_center.deliveries (original_id) where original_id is not null;

        -- What is still to be sent. Small, and apart, so that claiming does not touch the history's indexes. While a row is
        -- leased it is due when the lease ends: a lost lease needs nobody to find it.
        create table command_center.delivery_queue (
            delivery_id uuid        primary key,
            endpoint_id uuid        not null,
            tenant_id   text        not null,
            due_at      timestamptz not null,
            lease_until timestamptz,
            holder      bigint,
            fence       int         not null default 0,
            failed      int         not null default 0
        ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
        create index on command_center.delivery_queue (endpoint_id, due_at);

        create table command_center.delivery_attempts (
            delivery_id   uuid        not null,
            number        int         not null,
            started_at    timestamptz not null,
            duration_ms   real        not null,
            http_status   int,
            error         smallint    not null,
            triage        smallint,
            detail        text,
            response_head text,
            lease_lost    boolean     not null,
            primary key (delivery_id, number)
        );

        create table command_center.delivery_counts (
            hour      timestamptz not null,
            tenant_id text        not null,
            outcome   smallint    not null,
            triage    smallint    not null,
            attempts  bigint      not null,
            primary key (hour, tenant_id, outcome, triage)
        ) with (fillfactor = 50);

        -- Who dispatches: each holds the advisory lock of its number for as long as it lives.
        create table command_center.delivery_dispatchers (
            id         bigint      generated always as identity primary key,
            started_at timestamptz not null default now()
        );

        -- The last notification for an endpoint's rule, tenant and group, and what was folded into it since.
        create table command_center.notifications (
            endpoint_id  uuid        not null,
            rule_id      text        not null,
            tenant_id    text        not null,
            group_key    text        not null,
            notified_at  timestamptz not null,
            delivery_id  uuid        not null,
            event_type   text        not null,
            folded       int         not null default 0,
            pending_seq  bigint,
            pending_type text,
            primary key (endpoint_id, rule_id, tenant_id, group_key)
        );
        create index on command_center.notifications (notified_at);

        -- The same key for the same delivery is the same replay.
        create table command_center.replay_keys (
            delivery_id uuid        not null,
            key         text        not null,
            new_id      uuid        not null,
            created_at  timestamptz not null default now(),
            primary key (delivery_id, key)
        );

        create table command_center.replay_jobs (
            id           uuid        primary key,
            tenant_id    text,
            requested_by text        not null,
            key          text,
            ids          uuid[],
            filter       jsonb       not null,
            position     uuid        not null,
            up_to        uuid        not null,
            total        int         not null,
            replayed     int         not null default 0,
            created_at   timestamptz not null default now(),
            finished_at  timestamptz
        );
        create unique index on command_center.replay_jobs (requested_by, coalesce(tenant_id, ''), key) where key is not null;
        create index on command_center.replay_jobs (created_at) where finished_at is null;
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        drop table command_center.webhook_endpoints, command_center.webhook_version, command_center.deliveries,
            command_center.delivery_queue, command_center.delivery_attempts, command_center.delivery_counts,
            command_center.delivery_dispatchers, command_center.notifications, command_center.replay_keys, command_center.replay_jobs;
        """);
}
