using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>What keeps a month's figures from reading every hour's row of it, a minute's state from reading others' events, and points from being packed.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210540_day_sums")]
internal sealed class M0540DaySums : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        -- The same by the day (UTC), whose beginning stands for the hour, of the days that are over.
        create table command_center.event_days (like command_center.event_counts including all);
        create table command_center.delivery_days (like command_center.delivery_counts including all);
        create table command_center.endpoint_days (like command_center.endpoint_counts including all);

        -- Each hour of those days in one row: of everybody ('') and of each tenant.
        create table command_center.trend_hours (
            tenant_id  text        not null,
            hour       timestamptz not null,
            events     bigint      not null,
            bad_events bigint      not null,
            alerts     bigint      not null,
            anomalies  bigint      not null,
            heals      bigint      not null,
            delivered  bigint      not null,
            failed     bigint      not null,
            given_up   bigint      not null,
            replays    bigint      not null,
            primary key (tenant_id, hour)
        );
        create index on command_center.trend_hours using brin (hour);

        -- One row: the end of the last day that was summed up.
        create table command_center.summed_days (summed_to timestamptz);
        insert into command_center.summed_days values (null);

        -- Sums up the days that are over at a time. Whoever comes second finds nothing to do.
        create function command_center.sum_days(at timestamptz) returns timestamptz language plpgsql as $$
        declare
            began timestamptz;
            day   timestamptz;
            till  timestamptz;
        begin
            select summed_to into day from command_center.summed_days for update;
            if day is null then
                select date_trunc('day', min(hours.hour), 'UTC') into day from (
                    select min(hour) from command_center.event_counts
                    union all select min(hour) from command_center.delivery_counts
                    union all select min(hour) from command_center.endpoint_counts) hours (hour);
            end if;
            began := day;
            till := day + interval '24 hours';
            while till <= at loop
                insert into command_center.event_days
                    select day, tenant_id, event_type, severity, sum(events) from command_center.event_counts
                    where hour >= day and hour < till group by 2, 3, 4;
                insert into command_center.delivery_days
                    select day, tenant_id, outcome, triage, sum(attempts) from command_center.delivery_counts
                    where hour >= day and hour < till group by 2, 3, 4;
                insert into command_center.endpoint_days
                    select day, endpoint_id, tenant_id, sum(delivered), sum(failed), sum(given_up), sum(replays_delivered), sum(replays_given_up)
                    from command_center.endpoint_counts where hour >= day and hour < till group by 2, 3;
                insert into command_center.trend_hours
                    select w.whose, hour, sum(events), sum(bad), sum(alerts), sum(anomalies), sum(heals), sum(delivered), sum(failed), sum(given_up), sum(replays)
                    from (
                        select tenant_id, hour, events, case when severity >= 2 then events else 0 end as bad,
                            case when event_type = 'ops.alert.raised' then events else 0 end as alerts,
                            case when event_type = 'ops.anomaly.detected' then events else 0 end as anomalies,
                            case when event_type = 'autoheal.attempted' then events else 0 end as heals,
                            0 as delivered, 0 as failed, 0 as given_up, 0 as replays
                        from command_center.event_counts where hour >= day and hour < till
                        union all
                        select tenant_id, hour, 0, 0, 0, 0, 0, delivered, failed, given_up, replays_delivered + replays_given_up
                        from command_center.endpoint_counts where hour >= day and hour < till) counted
                    cross join lateral (values (''), (counted.tenant_id)) w (whose)
                    group by 1, 2;
                day := till;
                till := day + interval '24 hours';
            end loop;
            -- Until a first day is over nothing is: what is older may yet be written.
            update command_center.summed_days set summed_to = day where day > coalesce(summed_to, began);
            return day;
        end
        $$;

        -- What is told of the mesh itself, however much a tenant tells by the same names.
        create index events_of_the_mesh on command_center.events (event_type, seq) where tenant_id = 'default' and event_type in (
            'service.health.failed', 'service.health.recovered', 'service.registered', 'service.unregistered', 'service.version.changed',
            'autoheal.attempted', 'autoheal.succeeded', 'autoheal.failed', 'autoheal.suppressed');

        -- Sixty kilobytes a bucket at most, for six hours, read again and again: to unpack them takes longer than to read them.
        alter table command_center.series_points alter column points set storage external;
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        alter table command_center.series_points alter column points set storage extended;
        drop index command_center.events_of_the_mesh;
        drop function command_center.sum_days(timestamptz);
        drop table command_center.summed_days, command_center.trend_hours, command_center.endpoint_days, command_center.delivery_days,
            command_center.event_days;
        """);
}
