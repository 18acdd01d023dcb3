using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>The event types that were registered.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210100_schemas")]
internal sealed class M0100Schemas : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        -- json and not jsonb: the fields are shown in the order in which they were given.
        create table command_center.event_schemas (
            event_type    text        not null,
            version       int         not null check (version >= 1),
            required      text[]      not null,
            properties    json        not null,
            description   text        not null,
            registered_by text        not null,
            registered_at timestamptz not null default now(),
            primary key (event_type, version)
        );
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("drop table command_center.event_schemas;");
}
