using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace AetherLink.Tests.AutoHeal;

public sealed class RestartByHandTests() : HealerTest("web")
{
    [Fact]
    public async Task Restart_by_hand_goes_through_the_governor_and_is_on_record()
    {
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");

        using (var accepted = await healer.RestartAsync("web", new { reason = "new certificate" }))
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        var heal = (await healer.WaitForHistoryAsync(1))[0]!;
        Assert.Equal(("restart", "new certificate", "ada"), ((string?)heal["action"], (string?)heal["reason"], (string?)heal["requested_by"]));

        // It is on record a moment before it is over, and until then that is the reason.
        await healer.WaitForStateAsync("web", "healthy");
        using (var refused = await healer.RestartAsync("web", new { reason = "again" }))
        {
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.Contains("cooldown", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using (var forced = await healer.RestartAsync("web", new { reason = "it must be", force = true }))
            Assert.Equal(HttpStatusCode.Accepted, forced.StatusCode);
        var history = await healer.WaitForHistoryAsync(2);
        Assert.True((bool)history[0]!["forced"]!);
        Assert.All(history, one => Assert.True((bool)one!["success"]!, one.ToJsonString()));
        Assert.Equal(["restart web", "restart web"], Mesh.Commands);
    }

    [Fact]
    public async Task Restart_by_hand_is_the_healers_own_business_with_mesh_control_however_long_the_request_lasts()
    {
        await using var healer = await StartAsync(("AUTOHEAL_MODE", "observe"));
        await healer.WaitForStateAsync("web", "healthy");
        Mesh["web"].Die();
        await healer.WaitForStateAsync("web", "down");

        // What is dead is started, and to know that it is dead the healer asks while the person still waits.
        using (var accepted = await healer.RestartAsync("web", new { reason = "it is needed", force = true }))
            Assert.Contains("\"action\":\"start\"", await accepted.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var heal = (await healer.WaitForHistoryAsync(1))[0]!;
        Assert.True((bool)heal["success"]!, heal.ToJsonString());
        Assert.Equal(["start web"], Mesh.Commands);
    }

    [Fact]
    public async Task Restart_by_hand_has_the_trace_of_its_request_in_the_record()
    {
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");
        var trace = ActivityTraceId.CreateRandom().ToString();
        healer.Client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");

        using (await healer.RestartAsync("web", new { reason = "new certificate" }))
            Assert.Equal(trace, (string?)(await healer.WaitForHistoryAsync(1))[0]!["trace_id"]);
        Assert.All(healer.Events, told => Assert.Equal(trace, told.TraceId));
    }

    [Fact]
    public async Task Dry_run_says_what_would_happen_and_nothing_does()
    {
        await using var healer = await StartAsync(("AUTOHEAL_COOLDOWN_SECONDS", "60"));
        await healer.WaitForStateAsync("web", "healthy");

        using (var allowed = await healer.RestartAsync("web", new { reason = "just asking", dry_run = true }))
        {
            Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
            Assert.Equal(
                """{"status":"dry_run","target":"web","would_restart":true,"bar":null,"why":"Nothing stands in the way."}""", await allowed.Content.ReadAsStringAsync());
        }

        Assert.Empty(Mesh.Commands);
        Mesh["web"].Die();
        await healer.WaitForHistoryAsync(1);
        using var barred = await healer.RestartAsync("web", new { reason = "just asking", dry_run = true });
        var said = JsonNode.Parse(await barred.Content.ReadAsStringAsync())!;
        Assert.Equal((false, "cooldown"), ((bool)said["would_restart"]!, (string?)said["bar"]));
        using var forced = await healer.RestartAsync("web", new { reason = "just asking", dry_run = true, force = true });
        Assert.True((bool)JsonNode.Parse(await forced.Content.ReadAsStringAsync())!["would_restart"]!);
        Assert.Single(Mesh.Commands);
        Assert.Equal(1, (int)(await healer.GetAsync("/autoheal/history"))["total_in_history"]!);
    }

    [Fact]
    public async Task Restart_by_hand_is_refused_while_a_heal_is_under_way()
    {
        Mesh.Holds = new TaskCompletionSource();
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");
        Mesh["web"].Die();
        await healer.WaitForStateAsync("web", "healing");

        using var refused = await healer.RestartAsync("web", new { reason = "me too", force = true });

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Mesh.Holds.SetResult();
        await healer.WaitForHistoryAsync(1);
        Assert.Single(Mesh.Commands);
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
        Assert.Empty(Mesh.Commands);
    }
}
