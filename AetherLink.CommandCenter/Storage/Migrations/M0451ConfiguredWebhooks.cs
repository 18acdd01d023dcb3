using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>As what the configuration named an endpoint, by a hash, since the URL is a credential: it is made once, whatever becomes of it.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210451_configured_webhooks")]
internal sealed class M0451ConfiguredWebhooks : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        alter table command_center.webhook_endpoints add column configured_as bytea;
        update command_center.webhook_endpoints e set configured_as = sha256(convert_to(url, 'UTF8'))
        where is_configured and not exists (
            select from command_center.webhook_endpoints o
            where o.is_configured and o.url = e.url and (o.deleted_at is null, o.seq) > (e.deleted_at is null, e.seq));
        create unique index on command_center.webhook_endpoints (configured_as) where configured_as is not null;
        drop index command_center.webhook_endpoints_url_idx;
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        create unique index on command_center.webhook_endpoints (url) where is_configured and deleted_at is null;
        alter table command_center.webhook_endpoints drop column configured_as;
        """);
}
