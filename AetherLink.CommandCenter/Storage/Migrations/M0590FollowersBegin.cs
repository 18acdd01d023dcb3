using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>
/// Followers begin where the schema is made, and not where the first of them happens to take the lead: what was published to a new mesh
/// before that would be nobody's.
/// </summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611220590_followers_begin")]
internal sealed class M0590FollowersBegin : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        insert into command_center.followers (name, seq)
            select name, last_seq from command_center.feed_head, (values ('alerts'), ('deliveries'), ('insights')) f (name)
            on conflict do nothing;
        """);

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        // They stay where they are.
    }
}
