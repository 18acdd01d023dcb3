using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.Tests.Postgres;
using Npgsql;

namespace AetherLink.Tests.CommandCenter.Deliveries;

public sealed class ReplicasTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly TimeSpan Soon = DeliveringCommandCenter.Soon;

    [Fact]
    public async Task Two_replicas_send_everything_once()
    {
        const int events = 400;
        await using var center = await DeliveringCommandCenter.StartAsync(database);
        await using var second = await DeliveringCommandCenter.StartServiceAsync(database.ConnectionString);
        using var client = second.Client("operator", center.Tenant);
        await center.AddWebhookAsync();

        await Parallel.ForEachAsync(Enumerable.Range(0, events), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (n, _) =>
        {
            using var answer = await (n % 2 == 0 ? center.Operator : client).PublishAsync($"e{n}");
            Assert.True(answer.IsSuccessStatusCode);
        });
        await Eventually.True(
            async () => (int)(await center.Operator.JsonAsync("/alerts/deliveries/history?status=success&limit=1"))["total"]! == events, Soon, "all are delivered");

        Assert.Equal(events, center.Receiver.Count);
        Assert.Equal(events, center.Receiver.Received.Select(one => one.Id).Distinct().Count());
        await using var command = center.Source.CreateCommand(
            $"""
            select count(*) from command_center.delivery_attempts a join command_center.deliveries d on d.id = a.delivery_id
            where a.lease_lost and d.tenant_id = '{center.Tenant}'
            """);
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Result_of_a_lost_lease_is_not_recorded_over_anothers()
    {
        await using var center = await DeliveringCommandCenter.StartAsync(database, new() { ["Deliveries:TimeoutSeconds"] = "20" });
        await center.AddWebhookAsync();
        var first = new TaskCompletionSource();
        center.Receiver.Answer = async (context, _) =>
        {
            if (center.Receiver.Count == 1)
            {
                await first.Task;
                context.Response.StatusCode = 500;
            }
        };
        await center.PublishAsync("lost");
        await Eventually.True(() => center.Receiver.Count == 1, Soon);

        await center.ExecuteAsync(
            "update command_center.delivery_queue set lease_until = now(), due_at = now() where tenant_id = $1", center.Tenant);
        var delivered = await center.DeliveryAsync("lost", one => (string?)one["status"] == "success");
        first.SetResult();
        await Eventually.True(async () => (await center.DetailAsync(delivered))["attempts"]!.AsArray().Count == 2, Soon, "both attempts are recorded");

        var detail = await center.DetailAsync(delivered);
        Assert.Equal(("success", 1), ((string?)detail["delivery"]!["status"], (int)detail["delivery"]!["attempts"]!));
        Assert.Equal([(500, true), (200, false)], detail["attempts"]!.AsArray().Select(one => ((int)one!["http_status"]!, (bool)one["lease_lost"]!)));
        Assert.Single(center.Receiver.Received.Select(one => one.Id).Distinct());
    }

    [Fact]
    public async Task Bulk_replay_leaves_alone_what_a_dispatcher_is_claiming()
    {
        await using var center = await DeliveringCommandCenter.StartAsync(database);
        await center.AddWebhookAsync();
        center.Receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await center.PublishAsync("claimed");
        await center.PublishAsync("waiting");
        var claimed = await center.DeliveryAsync("claimed", one => (string?)one["status"] == "failed");
        var waiting = await center.DeliveryAsync("waiting", one => (string?)one["status"] == "failed");
        await center.ExecuteAsync("update command_center.delivery_queue set due_at = now() + interval '1 hour' where tenant_id = $1", center.Tenant);
        Guid[] ids = [Guid.Parse((string)claimed["id"]!), Guid.Parse((string)waiting["id"]!)];
        await using var connection = await center.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var claim = new NpgsqlCommand("select 1 from command_center.delivery_queue where delivery_id = $1 for update", connection, transaction);
        claim.Parameters.Add(new() { Value = ids[0] });
        await claim.ExecuteNonQueryAsync();

        using var started = await center.Operator.PostAsJsonAsync("/alerts/deliveries/replay", new { ids });
        var job = (await started.JsonAsync())["job"]!;
        JsonObject? progress = null;
        await Eventually.True(
            async () => (string?)(progress = await center.Operator.JsonAsync($"/alerts/deliveries/replays/{job["id"]}"))["status"] == "done", Soon, "the job is done");
        await transaction.RollbackAsync();

        Assert.Equal((2, 1, 1), ((int)progress!["total"]!, (int)progress["replayed"]!, (int)progress["skipped"]!));
        Assert.Empty((await center.DetailAsync(claimed))["replays"]!.AsArray());
        Assert.Single((await center.DetailAsync(waiting))["replays"]!.AsArray());
    }

    /// <summary>How little it slows them, the bench measures.</summary>
    [Fact]
    public async Task Endpoint_that_never_answers_does_not_hold_up_the_others()
    {
        const int events = 40;
        await using var center = await DeliveringCommandCenter.StartAsync(database, new() { ["Deliveries:TimeoutSeconds"] = "60" });
        await using var dead = await Receiver.StartAsync();
        await center.AddWebhookAsync("/alive");
        await center.AddWebhookAsync(more: new { url = dead.At("/dead").ToString() });
        var never = new TaskCompletionSource();
        var answered = 0;
        dead.Answer = async (context, _) =>
        {
            await never.Task.WaitAsync(context.RequestAborted);
            Interlocked.Increment(ref answered);
        };

        for (var n = 0; n < events; n++)
        {
            await center.PublishAsync($"beside-{n}");
        }

        await Eventually.True(() => center.Receiver.Count == events, Soon, "the other has everything");
        Assert.NotEmpty(dead.Received);
        Assert.Equal(0, answered);
        never.SetResult();
    }
}
