using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>What keeps a month of the operator's summary from counting anomalies one by one, and from reading each row of what failed.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611220580_anomaly_days")]
internal sealed class M0580AnomalyDays : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        -- How many anomalies began on a day (UTC), and what people have said of them, however late: of everybody ('') and of each tenant.
        create table command_center.anomaly_days (
            day             timestamptz not null,
            tenant_id       text        not null,
            total           bigint      not null,
            judged          bigint      not null,
            false_positives bigint      not null,
            primary key (day, tenant_id)
        ) with (fillfactor = 50);

        -- 2 is resolved and 3 a false positive.
        create function command_center.count_anomaly(since timestamptz, tenant_id text, state smallint, triaged_by text)
        returns table (day timestamptz, whose text, judged int, wrong int) language sql stable as $$
            select date_trunc('day', since, 'UTC'), w.whose, (triaged_by is not null and state in (2, 3))::int, (state = 3)::int
            from (values (''), (tenant_id)) w (whose)
        $$;

        -- Days in order, so that two that write never wait for each other in a circle.
        create function command_center.anomalies_came() returns trigger language plpgsql as $$
        begin
            insert into command_center.anomaly_days as d
            select c.day, c.whose, count(*), sum(c.judged), sum(c.wrong)
            from fresh a cross join lateral command_center.count_anomaly(a.since, a.tenant_id, a.state, a.triaged_by) c
            group by 1, 2 order by 1, 2
            on conflict (day, tenant_id) do update set
                total = d.total + excluded.total, judged = d.judged + excluded.judged, false_positives = d.false_positives + excluded.false_positives;
            return null;
        end
        $$;

        -- Most changes are of what is not counted, and write nothing.
        create function command_center.anomalies_changed() returns trigger language plpgsql as $$
        begin
            insert into command_center.anomaly_days as d
            select c.day, c.whose, sum(a.sign), sum(a.sign * c.judged), sum(a.sign * c.wrong)
            from (
                select 1 as sign, since, tenant_id, state, triaged_by from fresh
                union all select -1, since, tenant_id, state, triaged_by from old_ones
            ) a cross join lateral command_center.count_anomaly(a.since, a.tenant_id, a.state, a.triaged_by) c
            group by 1, 2 having sum(a.sign) <> 0 or sum(a.sign * c.judged) <> 0 or sum(a.sign * c.wrong) <> 0 order by 1, 2
            on conflict (day, tenant_id) do update set
                total = d.total + excluded.total, judged = d.judged + excluded.judged, false_positives = d.false_positives + excluded.false_positives;
            return null;
        end
        $$;

        create function command_center.anomalies_went() returns trigger language plpgsql as $$
        begin
            insert into command_center.anomaly_days as d
            select c.day, c.whose, -count(*), -sum(c.judged), -sum(c.wrong)
            from old_ones a cross join lateral command_center.count_anomaly(a.since, a.tenant_id, a.state, a.triaged_by) c
            group by 1, 2 order by 1, 2
            on conflict (day, tenant_id) do update set
                total = d.total + excluded.total, judged = d.judged + excluded.judged, false_positives = d.false_positives + excluded.false_positives;
            delete from command_center.anomaly_days where total = 0;
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
            select c.day, c.whose, count(*), sum(c.judged), sum(c.wrong)
            from command_center.anomalies a cross join lateral command_center.count_anomaly(a.since, a.tenant_id, a.state, a.triaged_by) c
            group by 1, 2;

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
            command_center.count_anomaly(timestamptz, text, smallint, text);
        drop table command_center.anomaly_days;
        """);
}
