using System.Text;
using System.Text.Json.Nodes;
using AetherLink.Tests.Postgres;
using Microsoft.AspNetCore.Http;

namespace AetherLink.Tests.CommandCenter.Deliveries;

public sealed class DeliveringTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private static readonly TimeSpan Soon = DeliveringCommandCenter.Soon;
    private DeliveringCommandCenter _center = null!;

    public async Task InitializeAsync() => _center = await DeliveringCommandCenter.StartAsync(database);

    public Task DisposeAsync() => _center.DisposeAsync().AsTask();

    [Fact]
    public async Task Event_that_matches_is_received_once_signed_with_the_secret_and_stands_in_the_history()
    {
        var (id, secret) = await _center.AddWebhookAsync();

        await _center.PublishAsync("matches");
        await _center.PublishAsync("does-not", type: "ai.summary.created");
        var delivery = await _center.DeliveryAsync("matches", one => (string?)one["status"] == "success");

        var received = Assert.Single(_center.Receiver.Received);
        Assert.True(received.IsSignedWith(secret));
        Assert.Equal("matches", (string?)JsonNode.Parse(received.Body)!["data"]!["event_id"]);
        Assert.Equal((received.Id, id.ToString()), ((string?)delivery["message_id"], (string?)delivery["endpoint_id"]));
        var detail = await _center.DetailAsync(delivery);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(received.Body), detail["payload"]));
        var attempt = Assert.Single(detail["attempts"]!.AsArray())!;
        Assert.Equal((1, 200), ((int)attempt["number"]!, (int)attempt["http_status"]!));
        Assert.Single(await _center.HistoryAsync());
    }

    [Fact]
    public async Task Endpoints_of_a_kind_get_the_same_body_each_under_an_id_and_a_signature_of_its_own()
    {
        var (_, secret) = await _center.AddWebhookAsync("/one");
        var (_, other) = await _center.AddWebhookAsync("/two");
        await _center.AddWebhookAsync("/slack", more: new { kind = "slack" });

        await _center.PublishAsync("shared");
        await Eventually.True(() => _center.Receiver.Count == 3, Soon, "all three have it");

        var received = _center.Receiver.Received.ToDictionary(one => one.Path);
        Assert.Equal(received["/one"].Body, received["/two"].Body);
        Assert.NotEqual(received["/one"].Id, received["/two"].Id);
        Assert.Equal((true, true), (received["/one"].IsSignedWith(secret), received["/two"].IsSignedWith(other)));
        Assert.NotNull(JsonNode.Parse(received["/slack"].Body)!["blocks"]);
    }

    /// <summary>Everybody may read the metrics.</summary>
    [Fact]
    public async Task Metrics_tell_of_deliveries_and_not_where_they_go()
    {
        await _center.AddWebhookAsync();
        await _center.PublishAsync("measured");
        await _center.DeliveryAsync("measured", one => (string?)one["status"] == "success");

        var text = "";
        await Eventually.True(
            async () => (text = await _center.Operator.GetStringAsync("/metrics")).Contains("command_center_delivery_attempt_duration_seconds_count", StringComparison.Ordinal),
            Soon);
        var port = $"server_port=\"{_center.Receiver.Address.Port}\"";
        Assert.DoesNotContain(text.Split('\n'), line => line.StartsWith("http_client_", StringComparison.Ordinal) && line.Contains(port, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Failed_attempt_is_repeated_with_the_same_id_and_a_timestamp_of_its_own_and_both_are_kept()
    {
        var (_, secret) = await _center.AddWebhookAsync();
        _center.Receiver.Answer = async (context, _) =>
        {
            context.Response.StatusCode = _center.Receiver.Count == 1 ? 500 : 204;
            if (_center.Receiver.Count == 1)
            {
                await context.Response.WriteAsync("out of \0 order " + new string('x', 5_000));
            }
        };

        await _center.PublishAsync("retried");
        var failed = await _center.DeliveryAsync("retried", one => (string?)one["status"] == "failed");
        await _center.MakeDueAsync();
        var delivered = await _center.DeliveryAsync("retried", one => (string?)one["status"] == "success");

        Assert.Equal(("transient_endpoint_down", 90), ((string?)failed["triage"]!["label"], (int)failed["triage"]!["score"]!));
        var next = (DateTimeOffset)failed["next_attempt_at"]! - (DateTimeOffset)failed["created_at"]!;
        Assert.InRange(next.TotalSeconds, 4, 8);
        Assert.Null(delivered["triage"]);
        var received = _center.Receiver.Received;
        Assert.Equal(2, received.Count);
        Assert.Equal(received[0].Id, received[1].Id);
        Assert.Equal(received[0].Body, received[1].Body);
        Assert.All(received, one => Assert.True(one.IsSignedWith(secret)));
        var attempts = (await _center.DetailAsync(delivered))["attempts"]!.AsArray();
        Assert.Equal([500, 204], attempts.Select(attempt => (int)attempt!["http_status"]!));
        var head = (string)attempts[0]!["response_head"]!;
        Assert.StartsWith("out of   order xxx", head, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(head), 1_000, 1_024);
        Assert.Equal("theirs", (string?)attempts[0]!["fault"]);
    }

    [Fact]
    public async Task Receiver_that_is_gone_is_switched_off_and_the_delivery_given_up_with_events_that_tell()
    {
        var (id, _) = await _center.AddWebhookAsync();
        _center.Receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = 410;
            return Task.CompletedTask;
        };

        await _center.PublishAsync("gone");
        await _center.DeliveryAsync("gone", one => (string?)one["status"] == "dead_letter");
        await _center.PublishAsync("afterwards");

        var webhook = await _center.Admin.JsonAsync($"/alerts/webhooks/{id}");
        Assert.Equal((false, "The receiver answered 410: it is gone."), ((bool)webhook["enabled"]!, (string?)webhook["disabled_reason"]));
        var events = (await _center.Operator.JsonAsync("/events/recent?event_type=ops.webhook.disabled,ops.alert.delivery.failed"))["events"]!.AsArray();
        Assert.Equal(["ops.alert.delivery.failed", "ops.webhook.disabled"], events.Select(one => (string?)one!["event_type"]).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("/hook", events.ToJsonString(), StringComparison.Ordinal);
        Assert.Single(_center.Receiver.Received);
    }

    [Fact]
    public async Task Receiver_that_failed_for_days_is_warned_of_and_then_switched_off_with_what_waits_for_it()
    {
        await _center.AddWebhookAsync();
        _center.Receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = 502;
            return Task.CompletedTask;
        };
        await _center.PublishAsync("waits");
        await _center.DeliveryAsync("waits", one => (string?)one["status"] == "failed");

        await SinceAsync(days: 3);
        await _center.PublishAsync("half");
        await Eventually.True(async () => (await _center.Operator.IdsAsync("?event_type=ops.webhook.warned")).Length == 1, Soon, "the warning");
        await SinceAsync(days: 5);
        await _center.PublishAsync("nearly");
        await Eventually.True(async () => (await _center.Operator.IdsAsync("?event_type=ops.webhook.warned")).Length == 2, Soon, "the second warning");
        await SinceAsync(days: 6);
        await _center.PublishAsync("over");
        await Eventually.True(async () => (await _center.Operator.IdsAsync("?event_type=ops.webhook.disabled")).Length == 1, Soon, "the end");

        await _center.DeliveryAsync("waits", one => (string?)one["status"] == "dead_letter", "what waited is given up");
        Assert.Equal(0, (int)(await _center.Operator.JsonAsync("/alerts/deliveries/stats"))["queued"]!);

        Task SinceAsync(int days) => _center.ExecuteAsync(
            $"update command_center.webhook_endpoints set failing_since = now() - interval '{days} days', warned_at = warned_at - interval '1 day' where tenant_id = $1", _center.Tenant);
    }

    [Fact]
    public async Task Receiver_that_asks_for_time_gets_it_for_all_of_its_deliveries()
    {
        var (id, _) = await _center.AddWebhookAsync();
        _center.Receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "60";
            return Task.CompletedTask;
        };

        await _center.PublishAsync("limited");
        var failed = await _center.DeliveryAsync("limited", one => (string?)one["status"] == "failed");
        await _center.PublishAsync("behind");
        await _center.DeliveryAsync("behind", one => (string?)one["status"] == "pending");

        Assert.InRange(((DateTimeOffset)failed["next_attempt_at"]! - DateTimeOffset.UtcNow).TotalSeconds, 40, 61);
        var webhook = await _center.Admin.JsonAsync($"/alerts/webhooks/{id}");
        Assert.InRange(((DateTimeOffset)webhook["cooldown_until"]! - DateTimeOffset.UtcNow).TotalSeconds, 40, 61);
        Assert.Equal("rate_limited", (string?)failed["triage"]!["label"]);
        Assert.Single(_center.Receiver.Received);
    }

    [Fact]
    public async Task Tenth_failed_attempt_is_the_last()
    {
        await _center.AddWebhookAsync();
        _center.Receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = 400;
            return Task.CompletedTask;
        };
        await _center.PublishAsync("hopeless");

        for (var attempts = 1; attempts < 10; attempts++)
        {
            await _center.DeliveryAsync("hopeless", one => (int)one["attempts"]! == attempts);
            await _center.ExecuteAsync("update command_center.webhook_endpoints set cooldown_until = null where tenant_id = $1", _center.Tenant);
            await _center.MakeDueAsync();
        }
        var dead = await _center.DeliveryAsync("hopeless", one => (string?)one["status"] == "dead_letter");

        Assert.Equal(10, (int)dead["attempts"]!);
        Assert.Equal(10, _center.Receiver.Count);
        Assert.Single(_center.Receiver.Received.Select(one => one.Id).Distinct());
        await Eventually.True(
            async () => (await _center.Operator.IdsAsync("?event_type=ops.alert.delivery.failed")).Length == 1, Soon, "the event of its end");
    }

    [Fact]
    public async Task Alerts_of_a_rule_and_group_are_told_once_a_window_with_a_count_of_what_was_folded()
    {
        await _center.AddWebhookAsync(eventTypes: ["ops.alert.raised"]);

        await _center.AlertAsync("first");
        await _center.AlertAsync("second");
        await _center.AlertAsync("other-group", group: "g");
        await _center.AlertAsync("other-rule", rule: "r2");
        await _center.AlertAsync("third");
        await _center.AlertAsync("muted", rule: "r3", silencedBy: "s-1");
        await _center.AlertAsync("last", rule: "r4");
        await _center.DeliveryAsync("last", one => (string?)one["status"] == "success");

        Assert.Equal(["first", "last", "other-group", "other-rule"], (await _center.HistoryAsync()).Select(one => (string)one!["event_id"]!).Order());
        await _center.DeliveryAsync("first", one => (int)one["folded"]! == 2);

        await _center.ExecuteAsync("update command_center.notifications set notified_at = notified_at - interval '300 s' where tenant_id = $1", _center.Tenant);
        await _center.AlertAsync("next");
        await _center.DeliveryAsync("next", one => (string?)one["status"] == "success");
        var told = _center.Receiver.Received.Select(one => JsonNode.Parse(one.Body)!).Single(one => (string?)one["data"]!["event_id"] == "next");
        Assert.Equal(2, (int)told["folded"]!);
    }

    [Fact]
    public async Task End_of_an_alert_that_was_folded_is_told_when_the_window_ends()
    {
        await _center.AddWebhookAsync(eventTypes: ["ops.alert.*"]);

        await _center.AlertAsync("raised");
        await _center.AlertAsync("resolved", "ops.alert.resolved");
        await _center.DeliveryAsync("raised", one => (int)one["folded"]! == 1 && (string?)one["status"] == "success");
        await _center.ExecuteAsync("update command_center.notifications set notified_at = notified_at - interval '300 s' where tenant_id = $1", _center.Tenant);

        await _center.DeliveryAsync("resolved", one => (string?)one["status"] == "success", "the end is told");
        Assert.Equal(2, _center.Receiver.Count);
    }
}
