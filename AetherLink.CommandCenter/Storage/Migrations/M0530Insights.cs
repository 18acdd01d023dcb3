using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>What a failed delivery is, what endpoints came to by the hour, and which alerts were open at a time.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210530_insights")]
internal sealed class M0530Insights : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        alter table command_center.deliveries add column cause smallint;
        alter table command_center.delivery_attempts add column cause smallint;

        create table command_center.endpoint_counts (
            hour              timestamptz not null,
            endpoint_id       uuid        not null,
            tenant_id         text        not null,
            delivered         bigint      not null default 0,
            -- Attempts; with those that were the last.
            failed            bigint      not null default 0,
            given_up          bigint      not null default 0,
            replays_delivered bigint      not null default 0,
            replays_given_up  bigint      not null default 0,
            primary key (hour, endpoint_id, tenant_id)
        ) with (fillfactor = 50);
        insert into command_center.endpoint_counts
            select date_trunc('hour', a.started_at, 'UTC'), d.endpoint_id, d.tenant_id, count(*) filter (where a.error = 0),
                count(*) filter (where a.error <> 0), count(*) filter (where last.is_last and d.status = 3),
                count(*) filter (where a.error = 0 and d.original_id is not null),
                count(*) filter (where last.is_last and d.status = 3 and d.original_id is not null)
            from command_center.delivery_attempts a join command_center.deliveries d on d.id = a.delivery_id
            cross join lateral (select a.number = d.attempts as is_last) last
            where not a.lease_lost group by 1, 2, 3;

        -- By it the alerts that were open at some time are found, however long ago that was.
        create index alerts_open_at on command_center.alerts using gist (tstzrange(raised_at, greatest(raised_at, coalesce(resolved_at, 'infinity'))));
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        drop index command_center.alerts_open_at;
        drop table command_center.endpoint_counts;
        alter table command_center.delivery_attempts drop column cause;
        alter table command_center.deliveries drop column cause;
        """);
}
