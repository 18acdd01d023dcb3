using System.Net;
using System.Net.Http.Json;
using AetherLink.CommandCenter.Mesh;
using AetherLink.Tests.Postgres;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AetherLink.Tests.CommandCenter;

public sealed class MeshTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Catalogue_comes_from_service_discovery_and_cannot_be_taken_over_by_a_registration()
    {
        await using var service = await StartAsync(("services:orchestrator:http:0", "http://127.0.0.1:1"));
        using var client = service.Client();

        using var taken = await client.PostAsJsonAsync("/ops/register", new { name = "orchestrator", url = "http://evil.example" });
        using var removed = await client.DeleteAsync("/ops/services/command-center");
        var catalogue = await client.JsonAsync("/ops/services");

        Assert.Equal(HttpStatusCode.Conflict, taken.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, removed.StatusCode);
        Assert.Equal(
            ["command-center aspire", "orchestrator aspire"],
            catalogue["services"]!.AsArray().Select(entry => $"{entry!["name"]} {entry["source"]}"));
    }

    [Fact]
    public async Task Service_from_outside_is_registered_renewed_and_removed()
    {
        await using var service = await StartAsync();
        using var client = service.Client();
        var body = new { name = "outside", url = "http://127.0.0.1:1/", version = "2", tags = new[] { "a" } };

        using var first = await client.PostAsJsonAsync("/ops/register", body);
        using var again = await client.PostAsJsonAsync("/ops/register", body);
        var entry = (await client.JsonAsync("/ops/services"))["services"]!.AsArray().Single(one => (string?)one!["name"] == "outside")!;
        using var deleted = await client.DeleteAsync("/ops/services/outside");
        using var gone = await client.DeleteAsync("/ops/services/outside");

        Assert.Equal(2, (int)(await again.JsonAsync())["service_count"]!);
        Assert.Equal(("http://127.0.0.1:1/ping", "registered"), ((string?)entry["health_url"], (string?)entry["source"]));
        Assert.Equal(1, (int)(await deleted.JsonAsync())["remaining_count"]!);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Contains("not found", await gone.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Eventually.True(
            async () => (await Types(client)).Order().SequenceEqual(["service.registered", "service.unregistered"]), Soon, "one event each");
    }

    [Fact]
    public async Task Registered_services_are_bounded_and_those_that_are_there_renew_their_lease()
    {
        await using var service = await StartAsync(("Mesh:ProbeSeconds", "3600"));
        using var client = service.Client();
        var known = new { name = "known", url = "http://127.0.0.1:1" };
        using var first = await client.PostAsJsonAsync("/ops/register", known);
        await using (var fill = service.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            """
            insert into command_center.registered_services (name, url, health_url, roles_required, tags, last_seen)
            select 's' || n, 'http://127.0.0.1:1', 'http://127.0.0.1:1', '{}', '{}', now() from generate_series(1, $1) n
            """))
        {
            fill.Parameters.Add(new() { Value = Registrations.Most - 1 });
            await fill.ExecuteNonQueryAsync();
        }

        using var renewed = await client.PostAsJsonAsync("/ops/register", known);
        using var beyond = await client.PostAsJsonAsync("/ops/register", known with { name = "beyond" });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, renewed.StatusCode));
        Assert.Equal(HttpStatusCode.Conflict, beyond.StatusCode);
    }

    [Fact]
    public async Task Registration_names_every_wrong_field_at_once()
    {
        await using var service = await StartAsync();
        using var client = service.Client();

        using var answer = await client.PostAsJsonAsync("/ops/register", new { name = "a b", health_url = "ftp://x", tags = new[] { "" } });

        using var unstorable = await client.PostAsJsonAsync(
            "/ops/register", new { name = "a", url = "http://x/\0", health_url = "http://x/\0", version = "1\0" });

        Assert.Equal(
            ["health_url", "url", "version"], (await unstorable.JsonAsync())["errors"]!.AsObject().Select(error => error.Key).Order());
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(
            ["health_url", "name", "tags", "url"], (await answer.JsonAsync())["errors"]!.AsObject().Select(error => error.Key).Order());
    }

    [Fact]
    public async Task Catalogue_is_read_by_page_in_the_order_of_names_whatever_a_service_comes_from()
    {
        await using var service = await StartAsync();
        using var client = service.Client();
        foreach (var name in (string[])["zz", "Z", "a.b", "a-b"])
        {
            using var registered = await client.PostAsJsonAsync("/ops/register", new { name, url = "http://127.0.0.1:1" });
            registered.EnsureSuccessStatusCode();
        }

        var whole = (await client.JsonAsync("/ops/services"))["services"]!.AsArray().Select(one => (string)one!["name"]!).ToList();
        var pages = await client.PagesAsync("/ops/services?limit=2", page => page["services"]!.AsArray().Select(one => (string)one!["name"]!));
        using var wrong = await client.GetAsync("/ops/services?limit=0&cursor=!");

        Assert.Equal(whole.Order(StringComparer.Ordinal), whole);
        Assert.Equal(["Z", "a-b", "a.b", "command-center", "zz"], whole.Where(name => name.Length < 4 || name == "command-center"));
        Assert.Equal(whole.Chunk(2), pages);
        Assert.Equal(["cursor", "limit"], (await wrong.JsonAsync())["errors"]!.AsObject().Select(error => error.Key).Order());
    }

    [Fact]
    public async Task Lease_that_is_not_renewed_ends()
    {
        await using var service = await StartAsync(("Mesh:LeaseSeconds", "1"));
        using var client = service.Client();

        using var registered = await client.PostAsJsonAsync("/ops/register", new { name = "brief", url = "http://127.0.0.1:1" });

        await Eventually.True(async () => (int)(await client.JsonAsync("/ops/services"))["count"]! == 1, Soon, "its lease has ended");
        await Eventually.True(
            async () => (await client.JsonAsync("/events/recent?event_type=service.unregistered")).ToJsonString()
                .Contains("lease", StringComparison.Ordinal), Soon, "it is announced");
    }

    [Fact]
    public async Task Failure_and_recovery_of_a_service_are_shown_and_announced_once()
    {
        var isWell = true;
        await using var target = await ToyApp.StartAsync(app =>
            app.MapGet("/state", () => isWell ? Results.Ok() : Results.StatusCode(500)).RequireAuthorization("public"));
        await using var service = await StartAsync();
        using var client = service.Client();
        var url = target.Http.BaseAddress!.ToString();
        using var registered = await client.PostAsJsonAsync("/ops/register", new { name = "flaky", url, health_url = url + "state" });
        async Task ShownAsync(string status) => await Eventually.True(
            async () => (string?)(await client.JsonAsync("/ops/health"))["services"]!["flaky"]?["status"] == status, Soon, status);

        await ShownAsync("up");
        isWell = false;
        await ShownAsync("down");
        isWell = true;
        await ShownAsync("up");

        await Eventually.True(
            async () => (await Types(client, "service.health.failed,service.health.recovered"))
                .SequenceEqual(["service.health.recovered", "service.health.failed"]), Soon, "one event each");
        var failed = (await client.JsonAsync("/events/recent?event_type=service.health.failed"))["events"]![0]!["payload"]!;
        Assert.Equal(("flaky", "down", "It answered 500."), ((string?)failed["name"], (string?)failed["status"], (string?)failed["error"]));
    }

    [Fact]
    public async Task Healing_is_asked_of_AutoHeal_and_its_absence_is_a_clear_problem()
    {
        await using var autoHeal = await ToyApp.StartAsync(app =>
        {
            app.MapGet("/autoheal/history", (int limit) => Results.Json(new { history = new[] { new { service = "s" } }, total_in_history = 7, limit }))
                .RequireAuthorization("public");
            app.MapGet("/autoheal/stats", () => Results.Json(new { total_attempts = 7 })).RequireAuthorization("public");
        });
        await using var service = await StartAsync(("services:auto-heal:http:0", autoHeal.Http.BaseAddress!.ToString()));
        await using var alone = await StartAsync(("services:auto-heal:http:0", "http://127.0.0.1:1"));
        using var client = service.Client();
        using var lonely = alone.Client();

        var healing = await client.JsonAsync("/ops/autoheal?limit=5");
        using var away = await lonely.GetAsync("/ops/autoheal");
        using var wrong = await client.GetAsync("/ops/autoheal?limit=51");

        Assert.Equal((7, 7), ((int)healing["total_in_history"]!, (int)healing["stats"]!["total_attempts"]!));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
        Assert.Contains("AutoHeal", await away.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task Service_says_who_it_is_and_what_it_offers()
    {
        await using var service = await StartAsync();
        using var client = service.Client();

        var (healthz, meta, ping) = (await client.JsonAsync("/healthz"), await client.JsonAsync("/meta"), await client.JsonAsync("/ops/ping"));

        Assert.Equal(("healthy", "aether-command-center"), ((string?)healthz["status"], (string?)healthz["service"]));
        Assert.Contains("POST /events/publish", meta["endpoints"]!.AsArray().Select(endpoint => (string?)endpoint));
        Assert.Equal("ok", (string?)ping["status"]);
        Assert.Empty(EndpointPolicies.Lacking(service.Services));
    }

    [Fact]
    public async Task Service_of_the_mesh_is_listed_with_its_version_when_it_was_last_well_and_that_it_enforces_nothing()
    {
        await using var target = await ToyApp.StartAsync(settings: new() { ["RBAC_ENABLED"] = "false" });
        await using var service = await StartAsync(("services:web:http:0", target.Http.BaseAddress!.ToString()));
        using var client = service.Client();
        var version = (string?)(await client.JsonAsync("/ops/ping"))["version"];

        await Eventually.True(
            async () => (await client.JsonAsync("/ops/services"))["services"]!.AsArray().All(entry =>
                (string?)entry!["version"] == version && entry["last_seen"] is not null), Soon, "both say their version");
        var services = (await client.JsonAsync("/ops/health"))["services"]!;
        Assert.Equal((false, null), ((bool?)services["web"]!["rbac_enabled"], services["command-center"]!["rbac_enabled"]));
    }

    [Fact]
    public async Task Operators_metrics_are_exported_by_their_names()
    {
        await using var service = await StartAsync();
        using var client = service.Client();
        using var published = await client.PublishAsync("counted", severity: "warning");

        var metrics = await client.GetStringAsync("/metrics");

        Assert.All(
            ["command_center_health", "command_center_uptime_seconds", "command_center_events_total{", "command_center_api_requests_total{"],
            name => Assert.Contains(name, metrics, StringComparison.Ordinal));
        Assert.Matches("command_center_events_total\\{.*event_type=\"lead.created\".*severity=\"warning\"", metrics);
    }

    private static async Task<string[]> Types(HttpClient client, string types = "service.registered,service.unregistered") =>
        [.. (await client.JsonAsync($"/events/recent?event_type={types}"))["events"]!.AsArray().Select(one => (string)one!["event_type"]!)];

    private static async Task<RunningCommandCenter> StartAsync(params (string Name, string Value)[] settings)
    {
        // A database of its own for each test: the catalogue is one for all tenants.
        var server = await PostgresServer.SharedAsync();
        return await RunningCommandCenter.StartAsync(
            await server.CreateDatabaseAsync("mesh"), settings: settings.ToDictionary(pair => pair.Name, pair => (string?)pair.Value));
    }
}
