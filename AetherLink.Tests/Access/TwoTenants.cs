using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.CommandCenter.AiUsage;
using AetherLink.Tests.CommandCenter;
using AetherLink.Tests.CommandCenter.Deliveries;
using AetherLink.Tests.CommandCenter.Insights;
using AetherLink.Tests.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AetherLink.Tests.Access;

/// <summary>
/// A class fixture: a Command Center with everything that a tenant can have, twice: of two tenants, under the same ids where these are
/// the tenants' own. Every text of a tenant's has the tenant's name in it.
/// </summary>
public sealed class TwoTenants : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly PostgresDatabase _database = new();
    private Receiver _receiver = null!;

    internal string Ours { get; } = $"ours-{Guid.NewGuid():N}";

    internal string Theirs { get; } = $"theirs-{Guid.NewGuid():N}";

    internal RunningCommandCenter Center { get; private set; } = null!;

    /// <summary>What of theirs stands under a route with an id in it.</summary>
    internal Dictionary<string, string> IdsOfTheirs { get; } = new(StringComparer.Ordinal);

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _receiver = await Receiver.StartAsync();
        Center = await DeliveringCommandCenter.StartServiceAsync(
            _database.ConnectionString, new() { ["services:auto-heal:http:0"] = _receiver.Address.ToString() });
        // Theirs last: the ids that are kept are theirs.
        await SeedAsync(Ours);
        await SeedAsync(Theirs);
    }

    public async Task DisposeAsync()
    {
        await Center.DisposeAsync();
        await _receiver.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task SeedAsync(string tenant)
    {
        using var admin = Center.Client("admin", tenant);
        using var all = Center.Client("admin");
        async Task<JsonObject> PostAsync(string path, object body)
        {
            using var answer = await admin.PostAsJsonAsync(path, body);
            var json = await answer.JsonAsync();
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {json.ToJsonString()}");
            return json;
        }

        IdsOfTheirs["/alerts/webhooks/{id:guid}"] = (string)(await PostAsync("/alerts/webhooks", new
        {
            url = _receiver.At($"/{tenant}").ToString(),
            event_types = new[] { "lead.*" },
        }))["webhook"]!["id"]!;
        IdsOfTheirs["/alerts/rules/{id}"] = (string)(await PostAsync("/alerts/rules", new
        {
            name = $"rule of {tenant}",
            window_seconds = 60,
            threshold = 1,
            event_type = "lead.created",
        }))["rule_id"]!;
        IdsOfTheirs["/alerts/silences/{id}"] = (string)(await PostAsync("/alerts/silences", new
        {
            matchers = new[] { new { label = "rule", op = "=", value = "none" } },
            ends_at = DateTimeOffset.UtcNow.AddHours(2),
            reason = $"of {tenant}",
        }))["silence_id"]!;
        IdsOfTheirs["/alerts/templates/{id}"] = (string)(await PostAsync("/alerts/templates", new
        {
            name = $"template of {tenant}",
            description = "A test.",
            rule = new { name = "r", window_seconds = 60, threshold = 3, event_type = "lead.created" },
        }))["template_id"]!;
        IdsOfTheirs["/autoheal/rules/{id:guid}"] = (string)(await PostAsync("/autoheal/rules", new
        {
            name = $"healing of {tenant}",
            match_endpoint = "*none*",
            action = "cool_down",
            cooldown_seconds = 60,
        }))["rule"]!["id"]!;
        using (var kept = await all.PutAsJsonAsync($"/events/retention/tenants/{tenant}", new { retention_days = 30 }))
        {
            kept.EnsureSuccessStatusCode();
        }
        IdsOfTheirs["/events/retention/tenants/{id}"] = tenant;

        // The ids of events are their tenants' own.
        using (var published = await admin.PublishAsync("same", payload: new { lead_id = "same", name = $"lead of {tenant}" }))
        {
            published.EnsureSuccessStatusCode();
        }
        await Center.Services.GetRequiredService<AiCallStore>().WriteAsync(
            [new() { CallId = $"call-{tenant}", TenantId = tenant, Intent = $"intent-{tenant}", Outcome = "success", Provider = "local", Timestamp = DateTimeOffset.UtcNow }],
            CancellationToken.None);

        var delivery = await Eventually.NotNull(
            async () => (await admin.JsonAsync("/alerts/deliveries/history?status=success"))["items"]!.AsArray().FirstOrDefault(), Soon, "it is delivered");
        IdsOfTheirs["/alerts/deliveries/{id:guid}"] = (string)delivery["id"]!;
        var alert = await Eventually.NotNull(
            async () => (await admin.JsonAsync("/alerts"))["alerts"]!.AsArray().FirstOrDefault(), Soon, "it has raised an alert");
        IdsOfTheirs["/alerts/{id}"] = (string)alert["alert_id"]!;
        IdsOfTheirs["/anomalies/{id:guid}"] = (await Center.Services.GetRequiredService<NpgsqlDataSource>()
            .AnomalyAsync(tenant, $"events/{tenant}/info")).ToString();
        // Nothing is wrong there, so there is no cause to be found: whose it is, CausesApiTests hold.
        IdsOfTheirs["/insights/causes/{id:guid}"] = Guid.NewGuid().ToString();
        var source = Center.Services.GetRequiredService<NpgsqlDataSource>();
        await using (var cool = source.CreateCommand(
            "update command_center.webhook_endpoints set cooldown_until = now() + interval '1 h', cooldown_reason = $1 where tenant_id = $2"))
        {
            cool.Parameters.Add(new() { Value = $"Too many failures at {tenant}." });
            cool.Parameters.Add(new() { Value = tenant });
            await cool.ExecuteNonQueryAsync();
        }
        await source.FailedDeliveryAsync(tenant, await source.EndpointAsync(tenant));
        await source.ExecuteAsync($"insert into command_center.delivery_counts values (date_trunc('hour', now(), 'UTC'), '{tenant}', 2, 2, 1)");
        var job = await PostAsync("/alerts/deliveries/replay", new { filter = new { status = "success" } });
        IdsOfTheirs["/alerts/deliveries/replays/{id:guid}"] = (string)job["job"]!["id"]!;
    }
}
