using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>What the operator's summary looks for is rare among what is counted, so that it need not read all of it; and AI calls are summed up by the day.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611220570_rare_rows")]
internal sealed class M0570RareRows : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        -- A success changes nothing that they hold, so that its row is still updated in place.
        create index endpoint_counts_failing on command_center.endpoint_counts (hour) where failed > 0 or given_up > 0;
        create index endpoint_days_failing on command_center.endpoint_days (hour) where failed > 0 or given_up > 0;
        create index endpoint_counts_replayed on command_center.endpoint_counts (hour) where replays_delivered > 0 or replays_given_up > 0;
        create index endpoint_days_replayed on command_center.endpoint_days (hour) where replays_delivered > 0 or replays_given_up > 0;
        create index event_counts_alerts on command_center.event_counts (hour) where event_type = 'ops.alert.raised';
        create index event_days_alerts on command_center.event_days (hour) where event_type = 'ops.alert.raised';

        -- All that is counted of anomalies, so that their rows need not be read.
        drop index command_center.anomalies_since_idx;
        create index anomalies_since on command_center.anomalies (since) include (tenant_id, state, triaged_by);

        -- By the day (UTC), written with the sums of the hours: a call may be told of days later. Those that are of all are of the tenant ''.
        create table command_center.ai_days (
            of_all    boolean     not null,
            day       timestamptz not null,
            tenant_id text        not null,
            calls     bigint      not null,
            succeeded bigint      not null,
            cost_usd  numeric     not null,
            primary key (of_all, day, tenant_id)
        ) with (fillfactor = 50);
        insert into command_center.ai_days
            select of_all, date_trunc('day', hour, 'UTC'), tenant_id, sum(calls), sum(succeeded), sum(cost_usd) from command_center.ai_usage_hours group by 1, 2, 3;
        create index on command_center.ai_usage_hours (hour);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        drop index command_center.ai_usage_hours_hour_idx;
        drop table command_center.ai_days;
        drop index command_center.anomalies_since;
        create index on command_center.anomalies (since);
        drop index command_center.endpoint_counts_failing, command_center.endpoint_days_failing, command_center.endpoint_counts_replayed,
            command_center.endpoint_days_replayed, command_center.event_counts_alerts, command_center.event_days_alerts;
        """);
}
