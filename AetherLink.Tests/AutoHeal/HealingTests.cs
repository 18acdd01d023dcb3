using System.Net;
using System.Text.Json.Nodes;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.Postgres;

namespace AetherLink.Tests.AutoHeal;

public sealed class HealingTests : IAsyncLifetime
{
    private readonly PostgresDatabase _database = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("aether-heal-").FullName;
    private FakeMesh _mesh = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _mesh = await FakeMesh.StartAsync("orchestrator", "web", "command-center");
    }

    public async Task DisposeAsync()
    {
        await _mesh.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Healer_starts_a_killed_service_verifies_it_and_tells_when_its_probe_fails()
    {
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("orchestrator", "healthy");
        await healer.WaitForStorageAsync("postgres");

        _mesh["orchestrator"].Die();

        var heal = (await healer.WaitForHistoryAsync(1))[0]!;
        Assert.Equal(["start orchestrator"], _mesh.Commands);
        Assert.Equal("orchestrator", (string?)heal["service"]);
        Assert.Equal("start", (string?)heal["action"]);
        Assert.True((bool)heal["success"]!);
        Assert.True((bool)heal["verified"]!);
        Assert.Equal("It ended unexpectedly with exit code 137.", (string?)heal["reason"]);
        Assert.InRange((long)heal["timestamp"]!, DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 30, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        await healer.WaitForStateAsync("orchestrator", "healthy");
        await Eventually.True(() => healer.Events.Count == 2, TimeSpan.FromSeconds(5));
        Assert.Equal([EventTypes.AutohealAttempted, EventTypes.AutohealSucceeded], healer.Events.Select(e => e.EventType));
        Assert.All(healer.Events, e => Assert.Equal(("auto-heal", "orchestrator"), (e.Source, (string?)e.Payload["service"])));
        Assert.True((bool)healer.Events.Last().Payload["verified"]!);
    }

    [Fact]
    public async Task Healer_restarts_a_service_that_runs_and_answers_errors()
    {
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");

        _mesh["web"].Answer = 503;

        var heal = (await healer.WaitForHistoryAsync(1))[0]!;
        Assert.Equal(["restart web"], _mesh.Commands);
        Assert.Contains("answered 503", (string?)heal["reason"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Exited", 0)]
    [InlineData("Finished", 143)]
    [InlineData("Stopping", null)]
    public async Task Healer_leaves_alone_what_a_person_stopped(string state, int? exitCode)
    {
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");

        var web = _mesh["web"];
        (web.State, web.ExitCode, web.Answer) = (state, exitCode, 0);

        await healer.WaitForStateAsync("web", "stopped");
        var probes = web.Probes;
        await Eventually.True(() => web.Probes > probes + 3, TimeSpan.FromSeconds(10));
        Assert.Empty(_mesh.Commands);
        Assert.Empty(healer.Events);
    }

    [Fact]
    public async Task Healer_reports_a_suppressed_heal_once_when_the_service_keeps_dying()
    {
        await using var healer = await StartAsync(("AUTOHEAL_COOLDOWN_SECONDS", "60"));
        await healer.WaitForStateAsync("web", "healthy");
        _mesh["web"].Die();
        await healer.WaitForHistoryAsync(1);

        _mesh["web"].Die();

        await Eventually.True(() => healer.Events.Count == 3, TimeSpan.FromSeconds(10));
        var probes = _mesh["web"].Probes;
        await Eventually.True(() => _mesh["web"].Probes > probes + 3, TimeSpan.FromSeconds(10));
        Assert.Equal(3, healer.Events.Count);
        var suppressed = healer.Events.Last();
        Assert.Equal(EventTypes.AutohealSuppressed, suppressed.EventType);
        Assert.Equal("cooldown", (string?)suppressed.Payload["reason"]);
        var target = await healer.TargetAsync("web");
        Assert.Equal("down", (string?)target["state"]);
        Assert.Equal("cooldown", (string?)target["suppressed_by"]);
        Assert.Equal(1, (int)target["restarts_last_hour"]!);
        Assert.EndsWith("Z", (string?)target["cooldown_until"], StringComparison.Ordinal);
        Assert.Single(_mesh.Commands);
    }

    [Fact]
    public async Task Healer_says_so_when_the_mesh_refuses_the_command()
    {
        _mesh.Refuses = true;
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");

        _mesh["web"].Die();

        var heal = (await healer.WaitForHistoryAsync(1))[0]!;
        Assert.False((bool)heal["success"]!);
        Assert.Equal("Mesh control answered 409 to start: 'start' of 'web' failed.", (string?)heal["msg"]);
        await Eventually.True(() => healer.Events.Any(e => e.EventType == EventTypes.AutohealFailed), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Healer_says_so_when_the_service_does_not_become_healthy_in_time()
    {
        _mesh.Revives = false;
        await using var healer = await StartAsync(("AUTOHEAL_VERIFY_SECONDS", "1"));
        await healer.WaitForStateAsync("web", "healthy");

        _mesh["web"].Die();

        var heal = (await healer.WaitForHistoryAsync(1))[0]!;
        Assert.Equal("Not healthy within 1 s after start.", (string?)heal["msg"]);
        Assert.False((bool)heal["verified"]!);
        Assert.True((double)heal["duration_ms"]! >= 1000);
    }

    [Fact]
    public async Task Healer_brakes_once_when_the_whole_mesh_is_down()
    {
        _mesh.Revives = false;
        await using var healer = await StartAsync(("AUTOHEAL_VERIFY_SECONDS", "1"));
        foreach (var service in _mesh.Services)
            await healer.WaitForStateAsync(service.Name, "healthy");

        foreach (var service in _mesh.Services)
            service.Die();

        await Eventually.True(() => healer.Events.Any(e => e.EventType == EventTypes.AutohealBrakeEngaged), TimeSpan.FromSeconds(10));
        Assert.True((bool)(await healer.GetAsync("/autoheal/status"))["fleet"]!["braked"]!);
        foreach (var service in _mesh.Services)
            service.Revive();
        await Eventually.True(() => healer.Events.Any(e => e.EventType == EventTypes.AutohealBrakeReleased), TimeSpan.FromSeconds(10));
        Assert.Single(healer.Events, e => e.EventType == EventTypes.AutohealBrakeEngaged);
    }

    [Fact]
    public async Task Restart_by_hand_goes_through_the_governor_and_is_on_record()
    {
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");

        using (var accepted = await healer.RestartAsync("web", new { reason = "new certificate" }))
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        var heal = (await healer.WaitForHistoryAsync(1))[0]!;
        Assert.Equal(("restart", "new certificate", "ada"), ((string?)heal["action"], (string?)heal["reason"], (string?)heal["requested_by"]));

        using (var refused = await healer.RestartAsync("web", new { reason = "again" }))
        {
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.Contains("cooldown", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using (var forced = await healer.RestartAsync("web", new { reason = "it must be", force = true }))
            Assert.Equal(HttpStatusCode.Accepted, forced.StatusCode);
        Assert.True((bool)(await healer.WaitForHistoryAsync(2))[0]!["forced"]!);
        Assert.Equal(["restart web", "restart web"], _mesh.Commands);
    }

    [Fact]
    public async Task Restart_by_hand_is_refused_while_a_heal_is_under_way()
    {
        _mesh.Holds = new TaskCompletionSource();
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");
        _mesh["web"].Die();
        await healer.WaitForStateAsync("web", "healing");

        using var refused = await healer.RestartAsync("web", new { reason = "me too", force = true });

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        _mesh.Holds.SetResult();
        await healer.WaitForHistoryAsync(1);
        Assert.Single(_mesh.Commands);
    }

    [Theory]
    [InlineData("web", "{}", "admin", HttpStatusCode.BadRequest)]
    [InlineData("web", """{"reason":" "}""", "admin", HttpStatusCode.BadRequest)]
    [InlineData("postgres", """{"reason":"x"}""", "admin", HttpStatusCode.NotFound)]
    [InlineData("web", """{"reason":"x"}""", "operator", HttpStatusCode.Forbidden)]
    public async Task Restart_by_hand_is_refused_when_it_is_not_in_order(string target, string body, string role, HttpStatusCode status)
    {
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");

        using var answer = await healer.RestartAsync(target, JsonNode.Parse(body)!, role);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Empty(_mesh.Commands);
    }

    private Task<HealerHost> StartAsync(params (string, string)[] settings) =>
        HealerHost.StartAsync(_mesh, _database.ConnectionString, _folder, settings);
}
