using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Operators;
using AetherLink.Tests.CommandCenter.Deliveries;
using AetherLink.Tests.Postgres;
using AetherLink.Tests.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AetherLink.Tests.CommandCenter;

/// <summary>The clock of the Command Center's machine is set; Postgres', another machine's, stays as it is, and is the one that counts.</summary>
public sealed class WrongClockTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private readonly ShiftedClock _clock = new();
    private DeliveringCommandCenter _center = null!;

    public async Task InitializeAsync() => _center = await DeliveringCommandCenter.StartAsync(
        database, new() { ["Deliveries:DedupSeconds"] = "1" }, _clock);

    public Task DisposeAsync() => _center.DisposeAsync().AsTask();

    [Fact]
    public async Task Deliveries_come_and_are_dated_rightly_however_the_clock_is_set()
    {
        await _center.AddWebhookAsync();
        foreach (var by in new[] { TimeSpan.FromHours(3), TimeSpan.FromDays(40), TimeSpan.FromDays(-80) })
        {
            _clock.Advance(by);
            // The second comes to a follower that has read at this time before.
            foreach (var id in new[] { $"first {by}", $"second {by}" })
            {
                await _center.PublishAsync(id);
                IsNow((await _center.DeliveryAsync(id, one => (string?)one["status"] == "success"))["created_at"]);
            }
        }

        // A receiver refuses what is signed too long ago, or for later.
        Assert.All(_center.Receiver.Received, one => IsNow(DateTimeOffset.FromUnixTimeSeconds(long.Parse(one.Timestamp!, CultureInfo.InvariantCulture))));
    }

    [Fact]
    public async Task Events_are_dated_and_refused_by_Postgres_clock_however_the_machines_is_set()
    {
        async Task<HttpStatusCode> PublishAsync(string id, DateTimeOffset? at)
        {
            using var answer = await _center.Operator.PostAsJsonAsync("/events/publish", new
            {
                event_type = "lead.created",
                source = "tests",
                event_id = id,
                timestamp = at,
                payload = new { },
            });
            return answer.StatusCode;
        }

        _clock.Advance(TimeSpan.FromDays(-3));
        await Eventually.True(
            async () => await PublishAsync("now", DateTimeOffset.UtcNow) is HttpStatusCode.OK, DeliveringCommandCenter.Soon, "Postgres' clock was heard");
        Assert.Equal(HttpStatusCode.OK, await PublishAsync("undated", null));
        _clock.Advance(TimeSpan.FromDays(6));
        Assert.Equal(HttpStatusCode.BadRequest, await PublishAsync("of the day after tomorrow", DateTimeOffset.UtcNow.AddDays(2)));
        Assert.Equal(HttpStatusCode.OK, await PublishAsync("undated, ahead", null));

        var stored = (await _center.Operator.JsonAsync("/events/recent?event_type=lead.created"))["events"]!.AsArray();
        Assert.Equal(["undated, ahead", "undated", "now"], stored.Select(one => (string?)one!["event_id"]));
        Assert.All(stored, one => IsNow(one!["timestamp"]));
    }

    [Fact]
    public async Task Endpoint_is_neither_given_up_nor_left_alone_for_days_when_the_clock_is_set_between_its_failures()
    {
        var (id, _) = await _center.AddWebhookAsync();
        _center.Receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        };
        await _center.PublishAsync("fails");
        for (var attempts = 1; attempts <= 5; attempts++)
        {
            await _center.DeliveryAsync("fails", one => (int)one["attempts"]! == attempts && (string?)one["status"] == "failed");
            _clock.Advance(TimeSpan.FromDays(attempts % 2 == 0 ? -20 : 6));
            await _center.MakeDueAsync();
        }

        var webhook = await _center.Admin.JsonAsync($"/alerts/webhooks/{id}");

        Assert.Equal((true, 5), ((bool)webhook["enabled"]!, (int)webhook["failures"]!));
        Assert.All(new[] { "failing_since", "last_failure_at", "cooldown_until" }, field => IsNow(webhook[field]));
        Assert.Empty(await _center.Operator.IdsAsync("?event_type=ops.webhook.warned"));
    }

    [Fact]
    public async Task What_was_folded_is_told_when_its_window_is_over_and_a_rule_cools_down_for_its_time_when_the_clock_is_set_back()
    {
        await _center.AddWebhookAsync(eventTypes: ["ops.alert.*", "lead.*"]);
        _clock.Advance(TimeSpan.FromDays(-2));
        await _center.AlertAsync("raised");
        await _center.AlertAsync("resolved", "ops.alert.resolved");
        await _center.DeliveryAsync("resolved", one => (string?)one["status"] == "success", "the end of the alert is told");

        using var rule = await _center.Admin.PostAsJsonAsync("/autoheal/rules", new { name = "calm", action = "cool_down", cooldown_seconds = 30 });
        _center.Receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        };
        await _center.PublishAsync("fails");
        var cooldown = await Eventually.NotNull(
            async () => (await _center.Operator.JsonAsync("/autoheal/cooldowns"))["cooldowns"]!.AsArray().SingleOrDefault(), DeliveringCommandCenter.Soon);
        IsNow(cooldown["until"]);
    }

    [Fact]
    public async Task Secrets_silences_and_leases_last_for_their_time_when_the_clock_is_set()
    {
        using var admin = _center.Service.Client("admin");
        var (id, former) = await _center.AddWebhookAsync();
        using var registered = await admin.PostAsJsonAsync("/ops/register", new { name = "lasting", url = "http://127.0.0.1:1" });
        Assert.Equal(HttpStatusCode.OK, registered.StatusCode);

        _clock.Advance(TimeSpan.FromDays(3));
        using var silenced = await _center.Operator.PostAsJsonAsync("/alerts/silences", new
        {
            matchers = new[] { new { label = "rule", op = "=", value = "none" } },
            reason = "known",
            ends_at = DateTimeOffset.UtcNow.AddHours(1),
        });
        var silence = $"/alerts/silences/{(await silenced.JsonAsync())["silence_id"]}";
        Assert.Equal("active", (string?)(await _center.Operator.JsonAsync(silence))["silence"]!["state"]);
        using var ended = await _center.Operator.DeleteAsync(silence);
        IsNow((await ended.JsonAsync())["silence"]!["ends_at"]);
        Assert.Contains("lasting", (await admin.JsonAsync("/ops/services")).ToJsonString(), StringComparison.Ordinal);

        _clock.Advance(TimeSpan.FromDays(-6));
        using var rotated = await _center.Admin.PostAsync($"/alerts/webhooks/{id}/rotate-secret", null);
        IsNow((DateTimeOffset)(await rotated.JsonAsync())["previous_valid_until"]! - TimeSpan.FromDays(1));
        await _center.PublishAsync("signed by both");
        await _center.DeliveryAsync("signed by both", one => (string?)one["status"] == "success");
        Assert.True(_center.Receiver.Received.Single().IsSignedWith(former));
    }

    [Fact]
    public async Task Nothing_of_the_audit_is_old_because_the_clock_was_set_ahead()
    {
        await _center.AddWebhookAsync();
        _clock.Advance(TimeSpan.FromDays(1_000));

        var pruned = await _center.Service.Services.GetServices<IHostedService>().OfType<AuditPruning>().Single().PruneOldAsync(CancellationToken.None);

        Assert.Equal(0, pruned);
        Assert.Contains("webhook.created", (await _center.Admin.JsonAsync("/audit/operator")).ToJsonString(), StringComparison.Ordinal);
    }

    private static void IsNow(JsonNode? time) => IsNow((DateTimeOffset)time!);

    private static void IsNow(DateTimeOffset time) =>
        Assert.InRange(time, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
}
