using System.Net.Http.Json;
using AetherLink.Tests.Postgres;

namespace AetherLink.Tests.CommandCenter.Deliveries;

public sealed class DarkEndpointsTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const int Dark = 20;

    /// <summary>More than all places together, if each took what one endpoint may have.</summary>
    private const int Each = 40;

    /// <summary>Within which nothing ends that goes to the dark ones.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Endpoint_that_answers_is_not_held_up_by_twenty_that_have_gone_dark_at_once()
    {
        await using var center = await DeliveringCommandCenter.StartAsync(database, new() { ["Deliveries:TimeoutSeconds"] = $"{Timeout.TotalSeconds}" });
        center.Receiver.Answer = (context, received) =>
            received.Path == "/dark" ? Task.Delay(System.Threading.Timeout.Infinite, context.RequestAborted) : Task.CompletedTask;
        for (var dark = 0; dark < Dark; dark++)
        {
            await center.AddWebhookAsync("/dark", more: new { url = $"{center.Receiver.At("/dark")}?n={dark}" });
        }
        await center.AddWebhookAsync("/well", ["ai.summary.created"]);
        await center.ExecuteAsync("update command_center.webhook_endpoints set last_success_at = now() where tenant_id = $1", center.Tenant);
        using var published = await center.Operator.PostAsJsonAsync("/events/publish/batch", Enumerable.Range(0, Each).Select(n => new
        {
            event_type = "lead.created",
            source = "tests",
            payload = new { lead_id = $"{n}" },
        }));
        await Eventually.True(() => Received("/dark") >= 256, DeliveringCommandCenter.Soon, "the dark ones have what they may have");

        for (var n = 0; n < 20; n++)
        {
            await center.PublishAsync($"well-{n}", "ai.summary.created");
        }

        await Eventually.True(() => Received("/well") == 20, Timeout / 2, "the other has received all of its own meanwhile");
        Assert.InRange(Received("/dark"), 256, 256 + (Dark * 4));

        int Received(string path) => center.Receiver.Received.Count(one => one.Path == path);
    }
}
