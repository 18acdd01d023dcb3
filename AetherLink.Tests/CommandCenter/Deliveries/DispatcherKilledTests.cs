using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using AetherLink.Tests.Postgres;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace AetherLink.Tests.CommandCenter.Deliveries;

public sealed class DispatcherKilledTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly string _tenant = CommandCenterRequests.NewTenant();
    private readonly ConcurrentDictionary<string, bool> _acknowledged = new(StringComparer.Ordinal);

    /// <summary>kill -9 at a moment of chance, under load; a soak kills five hundred times.</summary>
    [Fact]
    public async Task Nothing_is_lost_when_the_dispatcher_is_killed_and_what_comes_twice_has_the_same_id()
    {
        await using var receiver = await Receiver.StartAsync();
        // Some answers take a while and some fail, so that a kill finds deliveries in every state.
        receiver.Answer = async (context, received) =>
        {
            var chance = received.Body.Length % 7 + Random.Shared.Next(10);
            await Task.Yield();
            if (chance == 3)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            }
        };
        var center = await CommandCenterProcess.StartAsync(database.ConnectionString);
        try
        {
            using (var admin = Client(center, "admin"))
            {
                using var added = await admin.PostAsync("/alerts/webhooks", $$"""{"url":"{{receiver.At("/hook")}}","event_types":["lead.*"]}""", "application/json");
                Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync());
            }
            for (var round = 0; round < Soak.Rounds(10, 500); round++)
            {
                using var enough = new CancellationTokenSource();
                var published = _acknowledged.Count + 1 + Random.Shared.Next(60);
                var load = PublishAsync(center, round, enough.Token);
                await Eventually.True(() => _acknowledged.Count >= published, Soon, "the load is on");
                center.Kill();
                await enough.CancelAsync();
                await load;
                center.Dispose();
                center = await CommandCenterProcess.StartAsync(database.ConnectionString);
                // Nobody waits for the schedule here: what failed is due at once.
                await HurryAsync();
            }
            Assert.NotEmpty(_acknowledged);
            await Eventually.True(
                async () =>
                {
                    await HurryAsync();
                    return Delivered(receiver).Count() >= _acknowledged.Count && _acknowledged.Keys.All(Delivered(receiver).Select(one => one.EventId).ToHashSet().Contains);
                },
                Soon, "every acknowledged event has been received");

            Assert.All(Delivered(receiver).GroupBy(one => one.EventId), same => Assert.Single(same.Select(one => one.MessageId).Distinct()));
        }
        finally
        {
            center.Dispose();
        }
    }

    private static IEnumerable<(string EventId, string MessageId)> Delivered(Receiver receiver) =>
        receiver.Received.Select(one => ((string)JsonNode.Parse(one.Body)!["data"]!["event_id"]!, one.Id!));

    private async Task PublishAsync(CommandCenterProcess center, int round, CancellationToken enough)
    {
        using var client = Client(center, "operator");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async publisher =>
        {
            for (var n = 0; !enough.IsCancellationRequested; n++)
            {
                var id = $"{round}-{publisher}-{n}";
                try
                {
                    using var answer = await client.PublishAsync(id);
                    if (answer.IsSuccessStatusCode)
                    {
                        _acknowledged[id] = true;
                    }
                }
                catch (HttpRequestException)
                {
                    return; // killed
                }
            }
        }));
    }

    private HttpClient Client(CommandCenterProcess center, string roles)
    {
        var client = new HttpClient { BaseAddress = center.Address };
        client.DefaultRequestHeaders.Add("X-User-Roles", roles);
        client.DefaultRequestHeaders.Add("X-Tenant-ID", _tenant);
        return client;
    }

    private async Task HurryAsync()
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var command = source.CreateCommand(
            """
            update command_center.webhook_endpoints set cooldown_until = null, failures = 0;
            update command_center.delivery_queue set due_at = now() where lease_until is null
            """);
        await command.ExecuteNonQueryAsync();
    }
}
