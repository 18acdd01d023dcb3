using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>What lets an alert be raised without an entry in the dearest of its indexes.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611220550_alert_spans")]
internal sealed class M0550AlertSpans : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        -- From when to when each was open that is over: once, and no longer twice. Those that are open have an index of their own.
        drop index command_center.alerts_open_at;
        create index alerts_open_at on command_center.alerts using gist (tstzrange(raised_at, greatest(raised_at, resolved_at))) where resolved_at is not null;
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        drop index command_center.alerts_open_at;
        create index alerts_open_at on command_center.alerts using gist (tstzrange(raised_at, greatest(raised_at, coalesce(resolved_at, 'infinity'))));
        """);
}
