using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>When a part of the mesh that is no service did not answer, and what operators have said of the causes they were shown.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210520_causes")]
internal sealed class M0520Causes : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        create table command_center.part_faults (
            node    text        not null,
            -- Each replica looks for itself.
            seen_by text        not null,
            kind    smallint    not null,
            since   timestamptz not null,
            -- When it was last seen so.
            until   timestamptz not null,
            detail  text        not null,
            primary key (node, seen_by, since)
        );
        create index on command_center.part_faults (until);

        -- A cause is not stored: it follows from what is. What was said of it is kept with what it was.
        create table command_center.cause_verdicts (
            cause_id    uuid             primary key,
            -- Of which tenant's causes it was; null for those of all.
            tenant_id   text,
            node        text             not null,
            since       timestamptz      not null,
            score       double precision not null,
            rank        int              not null,
            verdict     smallint         not null,
            judged_by   text             not null,
            judged_at   timestamptz      not null,
            note        text
        );
        create index on command_center.cause_verdicts (judged_at);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        "drop table command_center.cause_verdicts, command_center.part_faults;");
}
