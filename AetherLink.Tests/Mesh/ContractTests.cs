using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AetherLink.Tests.Mesh;

[Collection(SharedMesh.Name)]
public sealed class ContractTests(MeshFixture mesh)
{
    [Theory]
    [InlineData("command-center", "aether-command-center")]
    [InlineData("orchestrator", "ai-orchestrator-v2")]
    [InlineData("auto-heal", "auto-heal")]
    [InlineData("web", "web")]
    public async Task Every_service_says_who_it_is(string service, string name)
    {
        using var client = mesh.Client(service);

        var ping = await client.GetFromJsonAsync<JsonObject>("/ping");
        using var health = await client.GetAsync("/health");
        using var alive = await client.GetAsync("/alive");
        var metrics = await client.GetStringAsync("/metrics");
        var openApi = await client.GetFromJsonAsync<JsonObject>("/openapi/v1.json");
        var docs = await client.GetStringAsync("/docs");

        Assert.Equal("ok", (string?)ping!["status"]);
        Assert.Equal(name, (string?)ping["service"]);
        Assert.NotNull((string?)ping["version"]);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        Assert.Contains("http_server_request_duration_seconds", metrics, StringComparison.Ordinal);
        Assert.NotEmpty(openApi!["paths"]!.AsObject());
        Assert.Contains("X-User-Roles", docs, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("command-center", "/ops/health", "operator")]
    [InlineData("command-center", "/ops/services", "operator")]
    [InlineData("command-center", "/events/recent", "operator")]
    [InlineData("command-center", "/audit/stats", "operator")]
    [InlineData("orchestrator", "/providers/health", "agent")]
    [InlineData("orchestrator", "/audit/stats", "agent")]
    public async Task A_role_is_needed_and_enough(string service, string path, string role)
    {
        using var nobody = mesh.Client(service);
        using var viewer = mesh.Client(service, "viewer");
        using var allowed = mesh.Client(service, role);

        using var unauthorized = await nobody.GetAsync(path);
        using var forbidden = await viewer.GetAsync(path);
        using var fine = await allowed.GetAsync(path);

        Assert.Equal(HttpStatusCode.Unauthorized, unauthorized.StatusCode);
        Assert.Contains("Missing roles header", await unauthorized.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        Assert.Contains("Insufficient permissions", await forbidden.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, fine.StatusCode);
    }

    [Fact]
    public async Task The_catalogue_and_the_health_of_the_mesh_come_from_service_discovery()
    {
        using var client = mesh.Client("command-center", "operator");

        var catalogue = await client.GetFromJsonAsync<JsonObject>("/ops/services");
        await Eventually.True(
            async () => (string?)(await client.GetFromJsonAsync<JsonObject>("/ops/health"))!["status"] == "up",
            TimeSpan.FromSeconds(30), "the whole mesh is up");
        var health = await client.GetFromJsonAsync<JsonObject>("/ops/health");

        var names = catalogue!["services"]!.AsArray().Select(service => (string)service!["name"]!).Order().ToArray();
        Assert.Equal(["auto-heal", "command-center", "orchestrator", "web"], names);
        Assert.All(catalogue["services"]!.AsArray(), service => Assert.Equal("aspire", (string?)service!["source"]));
        Assert.All(health!["services"]!.AsObject(), service => Assert.Equal("up", (string?)service.Value!["status"]));
    }

    [Fact]
    public async Task A_tenant_is_not_shown_anothers_events()
    {
        var (mine, others) = ($"t-{Guid.NewGuid():N}", $"t-{Guid.NewGuid():N}");
        using var client = mesh.Client("command-center", "operator", mine);
        using var other = mesh.Client("command-center", "operator", others);

        using var published = await other.PostAsJsonAsync(
            "/events/publish", new { event_type = "lead.created", source = "tests", payload = new { lead_id = "1" } });
        var listed = await client.GetFromJsonAsync<JsonObject>("/events/recent");
        using var asked = await client.GetAsync($"/events/recent?tenant_id={others}");

        Assert.Equal(HttpStatusCode.OK, published.StatusCode);
        Assert.Empty(listed!["events"]!.AsArray());
        Assert.Equal(HttpStatusCode.Forbidden, asked.StatusCode);
    }
}
