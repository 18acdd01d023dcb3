using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.CommandCenter.Deliveries;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AetherLink.Tests.AutoHeal;

/// <summary>What the healer tells of what it did: figures, marks on Grafana's graphs, and webhooks.</summary>
public sealed class TellingTests() : HealerTest("web", "orchestrator")
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private protected override (string, string)[] Settings => [("AUTOHEAL_COOLDOWN_SECONDS", "60"), ("AUTOHEAL_GRACE_SECONDS", "0")];

    [Fact]
    public async Task Healer_measures_attempts_detection_heals_suppressions_and_its_targets()
    {
        await using var healer = await StartAsync();
        using var measures = new HealMeasures(healer);
        await healer.WaitForStateAsync("web", "healthy");
        await healer.WaitForStateAsync("orchestrator", "healthy");
        Assert.Equal([("state=healthy", 2)], measures.Now("auto_heal_targets"));

        Mesh["web"].Die();
        await healer.WaitForHistoryAsync(1);
        Mesh.Revives = false;
        Mesh["web"].Die();
        await Eventually.True(() => measures.Of("auto_heal_suppressions").Count == 1, Soon, "the second death is held back");

        Assert.Equal([("target=web,by=healer", 1)], measures.Of("auto_heal_attempts"));
        Assert.Equal([("target=web,outcome=succeeded", 1)], measures.Of("auto_heal_heals"));
        Assert.Equal([("target=web,reason=cooldown", 1)], measures.Of("auto_heal_suppressions"));
        var (detection, duration, outage) = (Assert.Single(measures.Of("auto_heal_detection")), Assert.Single(measures.Of("auto_heal_duration")), Assert.Single(measures.Of("auto_heal_outage")));
        Assert.Equal(("target=web", "target=web,outcome=succeeded", "target=web"), (detection.Tags, duration.Tags, outage.Tags));
        Assert.InRange(detection.Value, 0, 5);
        Assert.InRange(duration.Value, 0, 5);
        Assert.InRange(outage.Value, duration.Value, 10);
        Assert.Equal([("state=down", 1), ("state=healthy", 1)], measures.Now("auto_heal_targets").Order());
    }

    [Fact]
    public async Task Grafana_gets_a_region_from_failure_to_recovery_with_a_heal_and_without()
    {
        var marks = new ConcurrentQueue<JsonElement>();
        await using var grafana = await ToyApp.StartAsync(app => app
            .MapPost("/api/annotations", (JsonElement body) =>
            {
                marks.Enqueue(body);
                return TypedResults.Ok();
            })
            .RequireAuthorization(Policies.Public));
        await using var healer = await StartAsync(
            ("GRAFANA_URL", grafana.Http.BaseAddress!.ToString()), ("GRAFANA_API_KEY", "secret"), ("AUTOHEAL_OBSERVE", """["web"]"""));
        await healer.WaitForStateAsync("web", "healthy");
        await healer.WaitForStateAsync("orchestrator", "healthy");
        var began = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

        Mesh["web"].Answer = 503;
        await Eventually.True(async () => (string?)(await healer.TargetAsync("web"))["suppressed_by"] == "observe", Soon, "it is down, and only observed");
        Mesh["web"].Revive();
        await Eventually.True(() => marks.Count == 1, Soon, "it is well by itself");
        Mesh["orchestrator"].Die();
        await Eventually.True(() => marks.Count == 2, Soon, "it is healed");

        var (byItself, healed) = (marks.First(), marks.Last());
        Assert.Equal("web: down, and well again without a restart from here", byItself.GetProperty("text").GetString());
        Assert.Equal("""["aetherlink","autoheal","web","recovered"]""", byItself.GetProperty("tags").GetRawText());
        Assert.Equal("""["aetherlink","autoheal","orchestrator","succeeded"]""", healed.GetProperty("tags").GetRawText());
        Assert.All(marks, mark => Assert.InRange(mark.GetProperty("time").GetInt64(), began, mark.GetProperty("timeEnd").GetInt64() - 1));
    }

    [Fact]
    public async Task What_comes_back_after_a_heal_was_given_up_is_told_as_that()
    {
        var marks = new ConcurrentQueue<JsonElement>();
        await using var grafana = await ToyApp.StartAsync(app => app
            .MapPost("/api/annotations", (JsonElement body) =>
            {
                marks.Enqueue(body);
                return TypedResults.Ok();
            })
            .RequireAuthorization(Policies.Public));
        Mesh.Revives = false;
        await using var healer = await StartAsync(("GRAFANA_URL", grafana.Http.BaseAddress!.ToString()), ("AUTOHEAL_VERIFY_SECONDS", "1"));
        await healer.WaitForStateAsync("web", "healthy");
        Mesh["web"].Die();
        await healer.WaitForHistoryAsync(1);

        Mesh["web"].Revive();

        await Eventually.True(() => marks.Count == 2, Soon, "it failed, and came back");
        Assert.Equal("web: down, and well again after a restart that was given up", marks.Last().GetProperty("text").GetString());
    }

    /// <summary>As they come from the healer, and by way of the Command Center's own door; Kafka carries the same.</summary>
    [Fact]
    public async Task Heals_reach_a_webhook_that_asks_for_them_with_a_glob()
    {
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");
        Mesh["web"].Die();
        await healer.WaitForHistoryAsync(1);
        Mesh["web"].Die();
        await Eventually.True(() => healer.Events.Count == 3, Soon, "attempted, succeeded, and the next held back");

        await using var center = await DeliveringCommandCenter.StartAsync(Database);
        await center.AddWebhookAsync(eventTypes: ["autoheal.*"]);
        foreach (var told in healer.Events)
        {
            var envelope = JsonSerializer.SerializeToNode(told with { TenantId = center.Tenant }, Json.Wire);
            using var answer = await center.Operator.PostAsJsonAsync("/events/publish", envelope);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }

        await center.PublishAsync("other");
        await Eventually.True(() => center.Receiver.Count == 3, Soon, "all three are received");
        var received = center.Receiver.Received.Select(one => JsonNode.Parse(one.Body)!.ToJsonString()).ToArray();
        Assert.All(
            [EventTypes.AutohealAttempted, EventTypes.AutohealSucceeded, EventTypes.AutohealSuppressed],
            type => Assert.Single(received, body => body.Contains($"\"{type}\"", StringComparison.Ordinal) && body.Contains("\"web\"", StringComparison.Ordinal)));
    }
}
