using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Operators;
using AetherLink.Tests.CommandCenter.Deliveries;
using AetherLink.Tests.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.CommandCenter.Operators;

/// <summary>A class fixture: one Command Center on a database of its own.</summary>
public sealed class AuditedCommandCenter : IAsyncLifetime
{
    private readonly PostgresDatabase _database = new();

    internal DeliveringCommandCenter Center { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        Center = await DeliveringCommandCenter.StartAsync(_database);
    }

    public async Task DisposeAsync()
    {
        await Center.DisposeAsync();
        await _database.DisposeAsync();
    }
}

/// <summary>Each fact begins with an audit that has no entries.</summary>
public abstract class AuditFacts(AuditedCommandCenter audited) : IAsyncLifetime
{
    private protected const string Path = "/audit/operator";

    private protected const string Emptied =
        """
        update command_center.operator_audit_head
        set seq = 0, hash = decode(repeat('00', 32), 'hex'), pruned_seq = 0, pruned_hash = decode(repeat('00', 32), 'hex'), resealed_seq = 0
        """;

    private protected DeliveringCommandCenter Center { get; } = audited.Center;

    /// <summary>Of no tenant: sees all.</summary>
    private protected HttpClient Admin { get; } = audited.Center.Service.Client("admin");

    public async Task InitializeAsync()
    {
        await ExecuteAsync("delete from command_center.operator_audit");
        await Center.ExecuteAsync($"{Emptied}, seal = $1", Center.Service.Services.GetRequiredService<ChainSealing>().Seal(ChainHead.Empty));
    }

    public Task DisposeAsync()
    {
        Admin.Dispose();
        return Task.CompletedTask;
    }

    private protected static object Rule(string name) => new { name, window_seconds = 60, threshold = 3, event_type = "lead.created" };

    private protected async Task<JsonObject> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await Admin.SendAsync(request);
        var text = await answer.JsonAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {text.ToJsonString()}");
        return text;
    }

    /// <summary>Oldest first.</summary>
    private protected async Task<List<JsonObject>> EntriesAsync() =>
        [.. (await Admin.JsonAsync($"{Path}?limit=500"))["entries"]!.AsArray().Select(entry => entry!.AsObject()).Reverse()];

    private protected async Task<(string? Status, int Checked)> VerifyAsync()
    {
        var answer = await Admin.JsonAsync($"{Path}/verify");
        return ((string?)answer["status"], (int)answer["checked"]!);
    }

    private protected Task ExecuteAsync(string sql) => Center.ExecuteAsync(sql);
}
