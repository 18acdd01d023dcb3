using System.Diagnostics;
using AetherLink.Tests.Postgres;

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
    public async Task Endpoint_that_never_answers_does_not_slow_the_others()
    {
        await using var center = await DeliveringCommandCenter.StartAsync(database);
        await using var dead = await Receiver.StartAsync();
        await center.AddWebhookAsync("/alive");
        var never = new TaskCompletionSource();
        dead.Answer = (context, _) => never.Task.WaitAsync(context.RequestAborted);
        var alone = await MedianAsync(center, "alone");

        await center.AddWebhookAsync(more: new { url = dead.At("/dead").ToString() });
        var beside = await MedianAsync(center, "beside");
        never.SetCanceled();

        // A generous bound, since other tests run beside it: were it held up, it would be by the time-out of 2 s.
        Assert.True(beside < alone + TimeSpan.FromMilliseconds(250), $"alone {alone.TotalMilliseconds:F0} ms, beside the dead one {beside.TotalMilliseconds:F0} ms");
        Assert.NotEmpty(dead.Received);
    }

    /// <summary>From the answer of the publishing to the reception.</summary>
    private static async Task<TimeSpan> MedianAsync(DeliveringCommandCenter center, string name)
    {
        var took = new List<TimeSpan>();
        for (var n = 0; n < 40; n++)
        {
            var before = center.Receiver.Count;
            var started = Stopwatch.GetTimestamp();
            await center.PublishAsync($"{name}-{n}");
            await Eventually.True(() => center.Receiver.Count > before, Soon);
            took.Add(Stopwatch.GetElapsedTime(started, center.Receiver.Received[^1].At));
        }
        return took.Order().ElementAt(took.Count / 2);
    }
}
