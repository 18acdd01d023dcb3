using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>What lets a question about the rare find it, or its absence, without reading the feed.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210050_walks")]
internal sealed class M0050Walks : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        -- By severity first: the few criticals are not among the many errors. Most events are neither, and cost nothing here.
        create index on command_center.events (severity, seq) where severity >= 2;
        drop index command_center.events_seq_idx1;

        -- In which hours a source said something. An hour is never written again once it is over, so that a writer may
        -- remember what it has put here, and a commit seldom writes anything.
        create table command_center.event_sources (
            source    text        not null,
            hour      timestamptz not null,
            tenant_id text        not null,
            primary key (source, hour, tenant_id)
        );
        insert into command_center.event_sources
            select distinct source, date_trunc('hour', received_at, 'UTC'), tenant_id from command_center.events;

        -- The other way round: which minute a number is of.
        create index on command_center.feed_minutes (first_seq);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        drop index command_center.feed_minutes_first_seq_idx;
        drop table command_center.event_sources;
        create index events_seq_idx1 on command_center.events (seq) where severity >= 2;
        drop index command_center.events_severity_seq_idx;
        """);
}
