using System.Net.Http.Json;
using AetherLink.CommandCenter.Deliveries;
using AetherLink.CommandCenter.Deliveries.Retaining;
using AetherLink.Tests.Postgres;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AetherLink.Tests.CommandCenter.Deliveries;

public sealed class RetainingTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task Deliveries_go_with_their_attempts_when_their_retention_is_over_and_not_before()
    {
        await using var center = await DeliveringCommandCenter.StartAsync(database);
        await center.AddWebhookAsync();
        await center.PublishAsync("sent");
        await center.DeliveryAsync("sent", one => (string?)one["status"] == "success");
        center.Receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        };
        await center.PublishAsync("waits");
        await center.DeliveryAsync("waits", one => (string?)one["status"] == "failed");
        var ahead = new SetClock();
        ahead.Advance(DateTimeOffset.UtcNow.AddDays(400) - ahead.GetUtcNow());

        // A clock that was set ahead makes nothing old, and what is to be kept for no time at all is.
        var before = await new DeliveryPruning(center.Source, Options.Create(new DeliveryOptions()), ahead).PruneAsync(CancellationToken.None);
        var kept = await center.HistoryAsync();
        await center.ExecuteAsync("update command_center.delivery_counts set hour = hour - interval '1 day'");
        var after = await new DeliveryPruning(center.Source, Options.Create(new DeliveryOptions { RetentionDays = 0 }), ahead).PruneAsync(CancellationToken.None);

        Assert.Equal((0, 2, 2), (before.Deliveries, kept.Count, after.Deliveries));
        Assert.Empty(await center.HistoryAsync());
        await using var left = center.Source.CreateCommand(
            "select (select count(*) from command_center.delivery_attempts) + (select count(*) from command_center.delivery_queue) " +
            "+ (select count(*) from command_center.delivery_counts)");
        Assert.Equal(0L, await left.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Bodies_of_a_tenant_that_keeps_its_events_for_a_shorter_time_go_with_them()
    {
        await using var center = await DeliveringCommandCenter.StartAsync(database);
        var (endpoint, _) = await center.AddWebhookAsync();
        using var policy = await center.Admin.PutAsJsonAsync($"/events/retention/tenants/{center.Tenant}", new { retention_days = 5 });
        Assert.True(policy.IsSuccessStatusCode);
        foreach (var (tenant, days) in new[] { (center.Tenant, 6), (center.Tenant, 4), ("another", 6), ("another", 31) })
        {
            await center.ExecuteAsync(
                """
                insert into command_center.deliveries (id, message_id, endpoint_id, tenant_id, event_id, event_type, severity, created_at, body, status)
                values ($1, 'm', $2, $3, 'e', 'lead.created', 0, now(), '{}', 1)
                """, Guid.CreateVersion7(DateTimeOffset.UtcNow.AddDays(-days)), endpoint, tenant);
        }

        await new DeliveryPruning(center.Source, Options.Create(new DeliveryOptions()), TimeProvider.System).PruneAsync(CancellationToken.None);

        Assert.Single(await center.HistoryAsync());
        await using var left = center.Source.CreateCommand("select count(*) from command_center.deliveries where tenant_id = 'another'");
        Assert.Equal(1L, await left.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Bulk_replay_goes_on_after_a_restart()
    {
        await using var center = await DeliveringCommandCenter.StartAsync(database);
        await center.AddWebhookAsync();
        for (var n = 0; n < 3; n++)
        {
            await center.PublishAsync($"again-{n}");
            await center.DeliveryAsync($"again-{n}", one => (string?)one["status"] == "success");
        }
        // As a job stands whose replica died after its first step.
        var job = Guid.CreateVersion7();
        await center.ExecuteAsync(
            """
            insert into command_center.replay_jobs (id, tenant_id, requested_by, filter, position, up_to, total, replayed)
            select $1, $2, 'somebody', jsonb_build_object('tenant_id', $2), min(id::text)::uuid, $1, 3, 1 from command_center.deliveries where tenant_id = $2
            """, job, center.Tenant);

        await Eventually.True(
            async () => (string?)(await center.Operator.JsonAsync($"/alerts/deliveries/replays/{job}"))["status"] == "done", DeliveringCommandCenter.Soon);
        await Eventually.True(() => center.Receiver.Count == 5, DeliveringCommandCenter.Soon, "the two that were left are sent again");

        var progress = await center.Operator.GetFromJsonAsync<System.Text.Json.Nodes.JsonObject>($"/alerts/deliveries/replays/{job}");
        Assert.Equal((3, 0), ((int)progress!["replayed"]!, (int)progress["skipped"]!));
    }
}
