using System.Text.Json;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.CommandCenter;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AetherLink.Tests.Web;

/// <summary>Whom the gateway itself refuses: the services never hear of it, and the Command Center has to be told.</summary>
public sealed class GatewayDenialTests
{
    private const string Path = "/api/command-center/ops/health";

    [Fact]
    public async Task Denial_is_published_at_once_and_what_is_alike_is_folded_and_told_at_the_end()
    {
        await using var mesh = await FakeMesh.StartAsync();
        await using (var gateway = await Gateway.StartAsync(mesh))
        {
            using var eve = await gateway.SignInAsync("viewer", "acme");
            for (var tries = 0; tries < 10; tries++)
                (await eve.GetAsync(Path)).Dispose();
            await Eventually.True(() => !mesh.Published.IsEmpty, Gateway.Soon, "the denial is told");
            Assert.Single(mesh.Published);
        }

        var (token, first) = mesh.Published.First();
        Assert.Equal(
            ("security.rbac.denied", "web", "acme", "warning"),
            (first.GetProperty("event_type").GetString(), first.GetProperty("source").GetString(), first.GetProperty("tenant_id").GetString(),
                first.GetProperty("severity").GetString()));
        // By its id, as the Command Center does: what was on its way when the gateway stopped is sent again.
        Assert.Equal(
            [(1L, Path, "viewer"), (9L, Path, "viewer")],
            mesh.Published.Select(one => one.Event).DistinctBy(told => told.GetProperty("event_id").GetString()).Select(Told));
        var proof = new JsonWebToken(token["Bearer ".Length..]);
        Assert.Equal(("web", "command-center", Scopes.EventsPublish), (proof.Issuer, proof.Audiences.Single(), proof.GetClaim("scope").Value));
        Assert.Empty(OwnEvents.Faults("security.rbac.denied", JsonSerializer.Deserialize<OpsEvent>(first, Json.Wire)!.Payload));
    }

    [Fact]
    public async Task Denial_waits_for_a_Command_Center_that_is_away_and_one_of_a_service_is_the_services_to_tell()
    {
        await using var mesh = await FakeMesh.StartAsync();
        await using var gateway = await Gateway.StartAsync(mesh);
        using var operators = await gateway.SignInAsync("operator", "acme");
        using var eve = await gateway.SignInAsync("viewer", "globex");
        mesh.Statuses["/events/recent"] = 403;
        mesh.PublishStatus = 503;

        (await operators.GetAsync("/api/command-center/events/recent?tenant_id=globex")).Dispose();
        (await eve.GetAsync(Path)).Dispose();
        await Eventually.True(() => mesh.Refused > 0, Gateway.Soon, "the Command Center was asked, and is away");
        mesh.PublishStatus = 200;
        await Eventually.True(() => !mesh.Published.IsEmpty, Gateway.Soon, "the denial is told later");

        Assert.Equal([(1L, Path, "viewer")], mesh.Published.Select(one => Told(one.Event)));
    }

    private static (long Count, string? Path, string? Roles) Told(JsonElement denial)
    {
        var payload = denial.GetProperty("payload");
        return (payload.GetProperty("count").GetInt64(), payload.GetProperty("path").GetString(), payload.GetProperty("roles").GetString());
    }
}
