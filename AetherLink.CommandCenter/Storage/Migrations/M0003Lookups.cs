using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>What finds the rare among a million events: by time, by a bad severity, by trace.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210003_lookups")]
internal sealed class M0003Lookups : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        -- Where each minute of received_at begins in the feed: times never run backwards along the numbers, so that a minute
        -- gives a number, and no index on the time is needed.
        create table command_center.feed_minutes (
            minute    timestamptz primary key,
            first_seq bigint      not null
        );
        insert into command_center.feed_minutes
            select date_trunc('minute', received_at, 'UTC'), min(seq) from command_center.events group by 1;

        -- Most events are neither, and cost nothing here.
        create index on command_center.events (seq) where severity >= 2;

        -- A range of 128 pages is summed up when it is full, and nothing is done for a row. It holds some thousand events, and
        -- each may have a trace of its own.
        create index on command_center.events using brin (trace_id text_bloom_ops (n_distinct_per_range = 4000))
            with (autosummarize = on);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        drop index command_center.events_trace_id_idx, command_center.events_seq_idx1;
        drop table command_center.feed_minutes;
        """);
}
