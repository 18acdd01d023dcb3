using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>By which version of its intent's prompt a call was answered; null for calls that were kept before it was told.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210052_prompt_version")]
internal sealed class M0052PromptVersion : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("alter table command_center.ai_calls add column prompt_version int;");

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("alter table command_center.ai_calls drop column prompt_version;");
}
