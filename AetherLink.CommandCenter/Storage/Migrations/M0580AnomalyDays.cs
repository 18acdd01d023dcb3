using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>What keeps a month's figures from counting anomalies one by one, and the operator's summary from reading each row of what failed.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611220580_anomaly_days")]
internal sealed class M0580AnomalyDays : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        -- How many anomalies began on a day (UTC), by what they are and what people have said of them, however late: of everybody ('') and of each tenant.
        create table command_center.anomaly_days (
            tenant_id text        not null,
            day       timestamptz not null,
            -- Of the series: its name's first part.
            kind      text        not null,
            state     smallint    not null,
            severity  smallint    not null,
            judged    boolean     not null,
            anomalies bigint      not null,
            primary key (tenant_id, day, kind, state, severity, judged)
        ) with (fillfactor = 50);

        -- 2 is resolved and 3 a false positive.
        create function command_center.count_anomaly(tenant_id text, since timestamptz, series text, state smallint, triaged_by text)
        returns table (whose text, day timestamptz, kind text, judged boolean) language sql stable as $$
            select w.whose, date_trunc('day', since, 'UTC'), split_part(series, '/', 1), triaged_by is not null and state in (2, 3)
            from (values (''), (tenant_id)) w (whose)
        $$;

        -- One at a time, until its transaction ends, so that no two of them wait for each other's counts in a circle.
        create function command_center.anomalies_came() returns trigger language plpgsql as $$
        begin
            perform pg_advisory_xact_lock(hashtext('command_center.anomaly_days'));
            insert into command_center.anomaly_days as d
            select c.whose, c.day, c.kind, a.state, a.severity, c.judged, count(*)
            from fresh a cross join lateral command_center.count_anomaly(a.tenant_id, a.since, a.series, a.state, a.triaged_by) c
            group by 1, 2, 3, 4, 5, 6
            on conflict (tenant_id, day, kind, state, severity, judged) do update set anomalies = d.anomalies + excluded.anomalies;
            return null;
        end
        $$;

        -- Most changes are of what is not counted, and write nothing.
        create function command_center.anomalies_changed() returns trigger language plpgsql as $$
        begin
            perform pg_advisory_xact_lock(hashtext('command_center.anomaly_days'));
            insert into command_center.anomaly_days as d
            select c.whose, c.day, c.kind, a.state, a.severity, c.judged, sum(a.sign)
            from (
                select 1 as sign, tenant_id, since, series, state, severity, triaged_by from fresh
                union all select -1, tenant_id, since, series, state, severity, triaged_by from old_ones
            ) a cross join lateral command_center.count_anomaly(a.tenant_id, a.since, a.series, a.state, a.triaged_by) c
            group by 1, 2, 3, 4, 5, 6 having sum(a.sign) <> 0
            on conflict (tenant_id, day, kind, state, severity, judged) do update set anomalies = d.anomalies + excluded.anomalies;
            return null;
        end
        $$;

        create function command_center.anomalies_went() returns trigger language plpgsql as $$
        begin
            perform pg_advisory_xact_lock(hashtext('command_center.anomaly_days'));
            insert into command_center.anomaly_days as d
            select c.whose, c.day, c.kind, a.state, a.severity, c.judged, -count(*)
            from old_ones a cross join lateral command_center.count_anomaly(a.tenant_id, a.since, a.series, a.state, a.triaged_by) c
            group by 1, 2, 3, 4, 5, 6
            on conflict (tenant_id, day, kind, state, severity, judged) do update set anomalies = d.anomalies + excluded.anomalies;
            delete from command_center.anomaly_days where anomalies = 0;
            return null;
        end
        $$;

        -- Before those that are there are counted: by them whoever writes meanwhile waits, and is counted after.
        create trigger came after insert on command_center.anomalies referencing new table as fresh
            for each statement execute function command_center.anomalies_came();
        create trigger changed after update on command_center.anomalies referencing old table as old_ones new table as fresh
            for each statement execute function command_center.anomalies_changed();
        create trigger went after delete on command_center.anomalies referencing old table as old_ones
            for each statement execute function command_center.anomalies_went();
        insert into command_center.anomaly_days
            select c.whose, c.day, c.kind, a.state, a.severity, c.judged, count(*)
            from command_center.anomalies a cross join lateral command_center.count_anomaly(a.tenant_id, a.since, a.series, a.state, a.triaged_by) c
            group by 1, 2, 3, 4, 5, 6;

        -- With all that is summed up of what failed, so that its rows need not be read. A failure has to write into it as it had before, and a success still does not.
        drop index command_center.endpoint_counts_failing, command_center.endpoint_days_failing;
        create index endpoint_counts_failing on command_center.endpoint_counts (hour) include (endpoint_id, tenant_id, failed, given_up)
            where failed > 0 or given_up > 0;
        create index endpoint_days_failing on command_center.endpoint_days (hour) include (endpoint_id, tenant_id, failed, given_up)
            where failed > 0 or given_up > 0;

        -- Rows are read once more until a vacuum has seen them: after each day that is summed up, not once a fifth of the table is new.
        alter table command_center.endpoint_days set (autovacuum_vacuum_insert_scale_factor = 0);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        alter table command_center.endpoint_days reset (autovacuum_vacuum_insert_scale_factor);
        drop index command_center.endpoint_counts_failing, command_center.endpoint_days_failing;
        create index endpoint_counts_failing on command_center.endpoint_counts (hour) where failed > 0 or given_up > 0;
        create index endpoint_days_failing on command_center.endpoint_days (hour) where failed > 0 or given_up > 0;
        drop trigger came on command_center.anomalies;
        drop trigger changed on command_center.anomalies;
        drop trigger went on command_center.anomalies;
        drop function command_center.anomalies_came(), command_center.anomalies_changed(), command_center.anomalies_went(),
            command_center.count_anomaly(text, timestamptz, text, smallint, text);
        drop table command_center.anomaly_days;
        """);
}
