using System.Net.Http.Json;
using AetherLink.Tests.Postgres;
using Microsoft.AspNetCore.Http;

namespace AetherLink.Tests.CommandCenter.Deliveries;

public sealed class GivingUpTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private static readonly TimeSpan Soon = DeliveringCommandCenter.Soon;
    private DeliveringCommandCenter _center = null!;

    public async Task InitializeAsync() => _center = await DeliveringCommandCenter.StartAsync(database);

    public Task DisposeAsync() => _center.DisposeAsync().AsTask();

    [Fact]
    public async Task Endpoint_whose_secret_cannot_be_read_is_not_blamed_for_it()
    {
        var (id, _) = await _center.AddWebhookAsync();
        await _center.ExecuteAsync("update command_center.webhook_endpoints set secret = 'sealed with another key' where tenant_id = $1", _center.Tenant);

        await _center.PublishAsync("unsigned");
        var failed = await _center.DeliveryAsync("unsigned", one => (string?)one["status"] == "failed");

        Assert.Equal("ours", (string?)(await _center.DetailAsync(failed))["attempts"]![0]!["fault"]);
        var webhook = await _center.Admin.JsonAsync($"/alerts/webhooks/{id}");
        Assert.Equal((0, null), ((int)webhook["failures"]!, (string?)webhook["failing_since"]));
        Assert.Empty(_center.Receiver.Received);
    }

    [Fact]
    public async Task Receiver_that_does_not_answer_in_its_time_is_given_up_on_for_now()
    {
        await _center.AddWebhookAsync();
        _center.Receiver.Answer = (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted);

        await _center.PublishAsync("unanswered");
        var failed = await _center.DeliveryAsync("unanswered", one => (string?)one["status"] == "failed");

        var attempt = (await _center.DetailAsync(failed))["attempts"]![0]!;
        Assert.Equal(("No answer within its time.", "transient_endpoint_down", "theirs"),
            ((string?)attempt["error"], (string?)attempt["triage"], (string?)attempt["fault"]));
        Assert.InRange((double)attempt["duration_ms"]!, 1_900, 10_000);
    }

    [Fact]
    public async Task Answer_whose_kept_part_ends_within_a_letter_is_recorded_as_any_other()
    {
        await _center.AddWebhookAsync();
        _center.Receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return context.Response.WriteAsync(new string('x', 1_023) + "😀😀");
        };

        await _center.PublishAsync("answered");
        var failed = await _center.DeliveryAsync("answered", one => (string?)one["status"] == "failed");

        Assert.Equal(new string('x', 1_023), (string?)(await _center.DetailAsync(failed))["attempts"]![0]!["response_head"]);
    }

    [Fact]
    public async Task What_waits_for_an_endpoint_that_is_removed_is_given_up_counted_and_told_with_the_alerts_rule()
    {
        var (id, _) = await _center.AddWebhookAsync(eventTypes: ["ops.alert.raised"]);
        await _center.AddWebhookAsync("/others", ["ops.alert.delivery.failed"]);
        await _center.ExecuteAsync("update command_center.webhook_endpoints set cooldown_until = now() + interval '1 hour' where id = $1", id);
        await _center.AlertAsync("first", group: "a");
        await _center.AlertAsync("second", group: "b");
        await _center.DeliveryAsync("second", one => (string?)one["status"] == "pending");
        var waiting = await _center.Operator.JsonAsync("/alerts/deliveries/stats");
        Assert.Equal((2, 0, null), ((int)waiting["queued"]!, (int)waiting["due"]!, (double?)waiting["oldest_due_age_seconds"]));

        using var removed = await _center.Admin.DeleteAsync($"/alerts/webhooks/{id}");
        await _center.DeliveryAsync("first", one => (string?)one["status"] == "dead_letter");
        await _center.DeliveryAsync("second", one => (string?)one["status"] == "dead_letter");

        var told = (await _center.Operator.JsonAsync("/events/recent?event_type=ops.alert.delivery.failed"))["events"]!.AsArray();
        Assert.Equal([("r1", "The endpoint was removed."), ("r1", "The endpoint was removed.")],
            told.Select(one => ((string?)one!["payload"]!["rule_id"], (string?)one["payload"]!["error"])));
        Assert.Equal(2, (int)(await _center.Operator.JsonAsync("/alerts/deliveries/stats"))["given_up"]!);
        // The other endpoint is told once of what failed at once.
        await Eventually.True(() => _center.Receiver.Received.Any(one => one.Path == "/others"), Soon, "the failure is told");
        Assert.Single(await _center.HistoryAsync(), one => (string?)one!["event_type"] == "ops.alert.delivery.failed");
    }

    [Fact]
    public async Task Figures_of_a_long_queue_are_of_all_of_it_and_what_is_paused_is_not_due()
    {
        var (id, _) = await _center.AddWebhookAsync();
        using var paused = await _center.Admin.PutAsJsonAsync($"/alerts/webhooks/{id}", new { enabled = false });
        await _center.ExecuteAsync(
            """
            insert into command_center.delivery_queue (delivery_id, endpoint_id, tenant_id, due_at, failed)
            select gen_random_uuid(), $1, $2, now() - interval '1 minute', case when n > 10050 then 9 else 0 end from generate_series(1, 10053) n
            """, id, _center.Tenant);

        var stats = await _center.Operator.JsonAsync("/alerts/deliveries/stats");

        Assert.Equal((10_000, true, 3, 0), ((int)stats["queued"]!, (bool)stats["queued_capped"]!, (int)stats["near_failure"]!, (int)stats["due"]!));
        await _center.ExecuteAsync("delete from command_center.delivery_queue where tenant_id = $1", _center.Tenant);
    }
}
