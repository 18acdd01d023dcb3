using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>The events, their keys, their counts, and the head of the feed.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210001_events")]
internal sealed class M0001Events : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        create table command_center.events (
            seq         bigint      not null,
            event_id    text        not null,
            tenant_id   text        not null,
            event_type  text        not null,
            source      text        not null,
            severity    smallint    not null,
            occurred_at timestamptz not null,
            received_at timestamptz not null,
            trace_id    text,
            client_ip   text,
            publisher   text,
            origin      smallint    not null,
            payload     jsonb       not null
        ) partition by range (received_at);

        -- Each index costs a fifth of the ingest: the feed, a tenant's list, a type's list, and no more.
        create index on command_center.events (seq);
        create index on command_center.events (tenant_id, seq);
        create index on command_center.events (event_type, seq);

        -- A partitioned table cannot hold this constraint without its partition key, so it stands beside.
        create table command_center.event_keys (
            tenant_id   text        not null,
            dedupe_key  text        not null,
            body_hash   bigint      not null,
            received_at timestamptz not null,
            primary key (tenant_id, dedupe_key)
        );
        -- Rows lie in the order of their arrival, which is all that pruning asks.
        create index on command_center.event_keys using brin (received_at);

        create table command_center.event_counts (
            hour       timestamptz not null,
            tenant_id  text        not null,
            event_type text        not null,
            severity   smallint    not null,
            events     bigint      not null,
            primary key (hour, tenant_id, event_type, severity)
        );

        -- One row: the newest number given out, and when. Written under the writer's lock only.
        create table command_center.feed_head (
            last_seq bigint      not null,
            last_at  timestamptz not null
        ) with (fillfactor = 10);
        insert into command_center.feed_head values (0, now());

        create table command_center.relay_positions (
            name text   primary key,
            seq  bigint not null
        );

        create table command_center.retention_policies (
            tenant_id      text primary key,
            retention_days int  not null check (retention_days >= 1)
        );

        create function command_center.ensure_partitions(days_ahead int) returns void language plpgsql as $$
        declare
            today date := (now() at time zone 'utc')::date;
            day   date;
        begin
            for day in select today + n from generate_series(-1, days_ahead) n loop
                if to_regclass('command_center.events_' || to_char(day, 'YYYYMMDD')) is null then
                    execute format(
                        'create table command_center.events_%s partition of command_center.events for values from (%L) to (%L)',
                        to_char(day, 'YYYYMMDD'), day::text || ' 00:00:00+00', (day + 1)::text || ' 00:00:00+00');
                end if;
            end loop;
        end
        $$;
        select command_center.ensure_partitions(7);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        drop function command_center.ensure_partitions(int);
        drop table command_center.events, command_center.event_keys, command_center.event_counts, command_center.feed_head,
            command_center.relay_positions, command_center.retention_policies;
        """);
}
