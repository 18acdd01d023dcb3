using System.Net;
using System.Net.Http.Json;
using AetherLink.CommandCenter.Deliveries.Signing;
using AetherLink.Tests.Postgres;

namespace AetherLink.Tests.CommandCenter.Deliveries;

public sealed class WebhookChangesTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private const string Path = "/alerts/webhooks";
    private DeliveringCommandCenter _center = null!;

    public async Task InitializeAsync() => _center = await DeliveringCommandCenter.StartAsync(database);

    public Task DisposeAsync() => _center.DisposeAsync().AsTask();

    [Fact]
    public async Task Configured_endpoint_that_was_given_another_url_or_removed_does_not_come_back()
    {
        var (moved, removed) = (_center.Receiver.At("/moved").ToString(), _center.Receiver.At("/removed").ToString());
        var settings = new Dictionary<string, string?> { ["ALERT_WEBHOOKS"] = $"{moved}, {removed}" };
        int before;
        await using (var first = await DeliveringCommandCenter.StartServiceAsync(database.ConnectionString, settings))
        {
            using var admin = first.Client("admin");
            await Eventually.True(() => first.Logs.Lines.Count(line => line.Id.Id == 2304) == 2, DeliveringCommandCenter.Soon);
            var ids = new List<string>();
            await using (var find = _center.Source.CreateCommand(
                $"select id::text from command_center.webhook_endpoints where url in ('{moved}', '{removed}') order by url"))
            await using (var row = await find.ExecuteReaderAsync())
            {
                while (await row.ReadAsync())
                {
                    ids.Add(row.GetString(0));
                }
            }
            using var changed = await admin.PutAsJsonAsync($"{Path}/{ids[0]}", new { url = _center.Receiver.At("/elsewhere").ToString() });
            using var deleted = await admin.DeleteAsync($"{Path}/{ids[1]}");
            Assert.True(changed.IsSuccessStatusCode && deleted.IsSuccessStatusCode);
            before = await ConfiguredAsync(admin);
        }

        settings["ALERT_WEBHOOKS"] += $", {_center.Receiver.At("/new")}";
        await using var second = await DeliveringCommandCenter.StartServiceAsync(database.ConnectionString, settings);
        await Eventually.True(() => second.Logs.Lines.Any(line => line.Id.Id == 2304), DeliveringCommandCenter.Soon, "the new one is added, after the others");

        using var again = second.Client("admin");
        Assert.Equal(before + 1, await ConfiguredAsync(again));
    }

    [Fact]
    public async Task Change_does_not_undo_a_rotation_of_the_secret_that_comes_between()
    {
        var (id, _) = await _center.AddWebhookAsync();
        for (var round = 0; round < 10; round++)
        {
            var changes = Enumerable.Range(0, 3).Select(n => _center.Admin.PutAsJsonAsync($"{Path}/{id}", new { severity = n == 0 ? "info" : "warning" })).ToList();
            using var rotated = await _center.Admin.PostAsync($"{Path}/{id}/rotate-secret", null);
            Assert.True(SigningSecret.TryParse((string?)(await rotated.JsonAsync())["secret"], out var secret));
            foreach (var change in await Task.WhenAll(changes))
            {
                change.Dispose();
            }

            using var tested = await _center.Admin.PostAsync($"{Path}/{id}/test", null);
            Assert.True(_center.Receiver.Received[^1].IsSignedWith(secret), $"round {round}");
        }
    }

    [Fact]
    public async Task Tenant_has_a_hundred_endpoints_and_takes_the_room_of_nobody()
    {
        var (id, _) = await _center.AddWebhookAsync();
        using var elsewhere = _center.Service.Client("admin", CommandCenterRequests.NewTenant());
        using var all = _center.Service.Client("admin");
        await _center.ExecuteAsync(
            """
            insert into command_center.webhook_endpoints (id, url, kind, tenant_id, event_types, severity, secret, enabled)
            select gen_random_uuid(), 'https://example.com/', 0, $1, '{lead.*}', 0, '', false from generate_series(1, 99)
            """, _center.Tenant);

        using var full = await _center.Admin.PostAsJsonAsync(Path, new { url = "https://example.com/" });
        using var made = await elsewhere.PostAsJsonAsync(Path, new { url = "https://example.com/" });
        using var moved = await all.PutAsJsonAsync($"{Path}/{(string)(await made.JsonAsync())["webhook"]!["id"]!}", new { tenant_id = _center.Tenant });
        using var changed = await _center.Admin.PutAsJsonAsync($"{Path}/{id}", new { severity = "warning" });

        Assert.Equal([HttpStatusCode.Conflict, HttpStatusCode.Created, HttpStatusCode.Conflict, HttpStatusCode.OK],
            [full.StatusCode, made.StatusCode, moved.StatusCode, changed.StatusCode]);
    }

    private static async Task<int> ConfiguredAsync(HttpClient admin) =>
        (await admin.JsonAsync(Path + "?limit=500"))["webhooks"]!.AsArray().Count(one => (bool)one!["configured"]!);
}
