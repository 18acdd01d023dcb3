using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>The series that are watched, their last points, what deliveries and AI calls add to them, and their anomalies.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210500_series")]
internal sealed class M0500Series : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        create table command_center.series (
            id        int         primary key,
            tenant_id text        not null,
            name      text        not null,
            kind      smallint    not null,
            -- The detector before the bucket that begins at as_of; null until it is saved for the first time.
            state     bytea,
            as_of     timestamptz not null,
            last_seen timestamptz not null,
            unique (tenant_id, name)
        );

        -- The points of each bucket of the last hours, in one row: 4 bytes of a series' id and 8 of its value. By them a detector
        -- that was saved minutes ago is brought to now, so that few have to be saved with each bucket.
        create table command_center.series_points (
            at     timestamptz primary key,
            points bytea       not null
        );

        -- One row: the end of the last bucket that was closed.
        create table command_center.series_progress (closed_to timestamptz) with (fillfactor = 10);
        insert into command_center.series_progress values (null);

        -- What is still to be put into a bucket. Whoever closes the bucket takes it away in the same transaction.
        create table command_center.observations (
            id         bigint           generated always as identity primary key,
            at         timestamptz      not null,
            tenant_id  text             not null,
            subject    text             not null,
            failed     bigint           not null,
            answered   bigint           not null,
            latency_ms double precision not null
        ) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

        -- Cancelled and skipped attempts say nothing about their provider.
        create function command_center.observe_ai_calls() returns trigger language plpgsql as $$
        begin
            insert into command_center.observations (at, tenant_id, subject, failed, answered, latency_ms)
            select clock_timestamp(), c.tenant_id, 'ai/' || left(a.attempt ->> 'provider', 100),
                count(*) filter (where a.attempt ->> 'outcome' = 'failed'),
                count(*) filter (where a.attempt ->> 'outcome' = 'success'),
                coalesce(avg((a.attempt ->> 'latency_ms')::double precision) filter (where a.attempt ->> 'outcome' = 'success'), 0)
            from fresh c cross join lateral jsonb_array_elements(c.attempts) as a (attempt)
            where a.attempt ->> 'outcome' in ('success', 'failed') and a.attempt ->> 'provider' is not null
            group by 2, 3;
            return null;
        end
        $$;
        create trigger observe after insert on command_center.ai_calls referencing new table as fresh
            for each statement execute function command_center.observe_ai_calls();

        -- What was our own doing (2 blocked, 10 stopped, 11 switched off, 12 unsigned) says nothing about the endpoint. The limit
        -- keeps the look-up one by its key: the number of new rows is not known when this is planned.
        create function command_center.observe_delivery_attempts() returns trigger language plpgsql as $$
        begin
            insert into command_center.observations (at, tenant_id, subject, failed, answered, latency_ms)
            select clock_timestamp(), d.tenant_id, 'deliveries/' || d.endpoint_id, count(*) filter (where a.error <> 0),
                count(*) filter (where a.error in (0, 1)), coalesce(avg(a.duration_ms) filter (where a.error in (0, 1)), 0)
            from fresh a cross join lateral (
                select tenant_id, endpoint_id from command_center.deliveries d where d.id = a.delivery_id limit 1) d
            where a.error not in (2, 10, 11, 12)
            group by d.tenant_id, d.endpoint_id;
            return null;
        end
        $$;
        create trigger observe after insert on command_center.delivery_attempts referencing new table as fresh
            for each statement execute function command_center.observe_delivery_attempts();

        create table command_center.anomalies (
            seq         bigint           generated always as identity primary key,
            id          uuid             not null unique,
            group_id    uuid             not null,
            tenant_id   text             not null,
            series      text             not null,
            kind        smallint         not null,
            state       smallint         not null,
            severity    smallint         not null,
            since       timestamptz      not null,
            last_seen   timestamptz      not null,
            detected_at timestamptz      not null,
            score       double precision not null,
            observed    double precision not null,
            expected    double precision not null,
            deviations  double precision not null,
            ended_at    timestamptz,
            triaged_by  text,
            triaged_at  timestamptz,
            note        text
        );
        -- A series has one at a time: what is raised twice fails here.
        create unique index on command_center.anomalies (tenant_id, series) where ended_at is null;
        create index on command_center.anomalies (seq) where state < 2;
        create index on command_center.anomalies (tenant_id, seq);
        create index on command_center.anomalies (group_id);
        create index on command_center.anomalies (since);
        create index on command_center.anomalies using brin (ended_at);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        drop trigger observe on command_center.ai_calls;
        drop trigger observe on command_center.delivery_attempts;
        drop function command_center.observe_ai_calls(), command_center.observe_delivery_attempts();
        drop table command_center.anomalies, command_center.observations, command_center.series_progress, command_center.series_points,
            command_center.series;
        """);
}
