using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Deliveries.Signing;
using AetherLink.CommandCenter.Events.Announcing;
using AetherLink.Tests.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AetherLink.Tests.CommandCenter.Deliveries;

/// <summary>A Command Center that may send to loopback, a receiver, and a tenant of its own.</summary>
internal sealed class DeliveringCommandCenter : IAsyncDisposable
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private DeliveringCommandCenter(RunningCommandCenter service, Receiver receiver)
    {
        (Service, Receiver) = (service, receiver);
        Admin = service.Client("admin", Tenant);
        Operator = service.Client("operator", Tenant);
    }

    public RunningCommandCenter Service { get; }

    public Receiver Receiver { get; }

    public string Tenant { get; } = CommandCenterRequests.NewTenant();

    public HttpClient Admin { get; }

    public HttpClient Operator { get; }

    public NpgsqlDataSource Source => Service.Services.GetRequiredService<NpgsqlDataSource>();

    public static Task<RunningCommandCenter> StartServiceAsync(
        string connectionString, Dictionary<string, string?>? settings = null, TimeProvider? clock = null) =>
        RunningCommandCenter.StartAsync(connectionString, clock: clock, settings: new(settings ?? [])
        {
            ["DELIVERIES_ALLOWED_NETWORKS"] = Receiver.Loopback,
            ["Deliveries:TimeoutSeconds"] = settings?.GetValueOrDefault("Deliveries:TimeoutSeconds") ?? "2",
        });

    public static async Task<DeliveringCommandCenter> StartAsync(
        PostgresDatabase database, Dictionary<string, string?>? settings = null, TimeProvider? clock = null) =>
        new(await StartServiceAsync(database.ConnectionString, settings, clock), await Receiver.StartAsync());

    public async Task<(Guid Id, SigningSecret Secret)> AddWebhookAsync(string path = "/hook", string[]? eventTypes = null, object? more = null)
    {
        var body = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(more ?? new { }))!.AsObject();
        body["url"] ??= Receiver.At(path).ToString();
        body["event_types"] ??= System.Text.Json.JsonSerializer.SerializeToNode(eventTypes ?? ["lead.*"]);
        using var answer = await Admin.PostAsJsonAsync("/alerts/webhooks", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var made = await answer.JsonAsync();
        Assert.True(SigningSecret.TryParse((string?)made["secret"], out var secret));
        return (Guid.Parse((string)made["webhook"]!["id"]!), secret);
    }

    public async Task PublishAsync(string id, string type = "lead.created", object? payload = null)
    {
        using var answer = await Operator.PublishAsync(id, type, payload: payload);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public Task AlertAsync(string id, string type = "ops.alert.raised", string rule = "r1", string? group = null, string? silencedBy = null) =>
        TellAsync(Service, id, type, Tenant, new
        {
            alert_id = $"a-{id}",
            rule_id = rule,
            rule_name = rule,
            alert_severity = "critical",
            tenant_id = Tenant,
            group,
            matched_count = 3,
            threshold = 3,
            window_seconds = 60,
            raised_at = DateTimeOffset.UtcNow,
            silenced_by = silencedBy,
            event_ids = Array.Empty<string>(),
        });

    /// <summary>An event of the Command Center's own, which nobody can publish.</summary>
    public static Task TellAsync(RunningCommandCenter service, string id, string type, string tenant, object payload) =>
        service.Services.GetRequiredService<Telling>().CommitAsync(
            (_, _, _) => Task.FromResult(new Told<bool>(true, Envelopes.Draft(id, tenant, type, System.Text.Json.JsonSerializer.Serialize(payload)))),
            CancellationToken.None);

    public async Task<JsonArray> HistoryAsync(string query = "") =>
        (await Operator.JsonAsync("/alerts/deliveries/history" + query))["items"]!.AsArray();

    /// <summary>The one delivery of an event, when it has come as far as is waited for.</summary>
    public async Task<JsonObject> DeliveryAsync(string eventId, Func<JsonObject, bool> until, string because = "the delivery is as expected")
    {
        JsonArray history = [];
        try
        {
            return await Eventually.NotNull(async () => (history = await HistoryAsync()).Select(one => one!.AsObject()).FirstOrDefault(
                one => (string?)one["event_id"] == eventId && until(one)), Soon, because);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message} The history is {history.ToJsonString()}", late);
        }
    }

    public async Task<JsonObject> DetailAsync(JsonObject delivery) => await Operator.JsonAsync($"/alerts/deliveries/{delivery["id"]}");

    /// <summary>What waits for its next attempt need not wait any longer.</summary>
    public Task MakeDueAsync() => ExecuteAsync("update command_center.delivery_queue set due_at = now() where lease_until is null and tenant_id = $1", Tenant);

    public async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Source.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        Operator.Dispose();
        await Service.DisposeAsync();
        await Receiver.DisposeAsync();
    }
}
