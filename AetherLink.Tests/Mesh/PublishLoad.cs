using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AetherLink.Tests.Mesh;

/// <summary>Publishes events one by one from several callers at once, and remembers which were acknowledged.</summary>
internal sealed class PublishLoad(Func<HttpClient> connect, string tenant, int callers = 8) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, byte> _acknowledged = new();
    private Task _running = Task.CompletedTask;

    public IReadOnlyCollection<string> Acknowledged => [.. _acknowledged.Keys];

    public int Count => _acknowledged.Count;

    public void Start() => _running = Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => PublishAsync(caller))));

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
    }

    private async Task PublishAsync(int caller)
    {
        using var client = connect();
        for (var number = 0; !_stopping.IsCancellationRequested; number++)
        {
            var id = $"{caller}-{number}";
            try
            {
                using var answer = await client.PostAsJsonAsync("/events/publish", new
                {
                    event_type = "lead.created",
                    source = "publish-load",
                    event_id = id,
                    tenant_id = tenant,
                    payload = new { lead_id = id },
                });
                if (answer.IsSuccessStatusCode && (bool)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["stored"]!)
                {
                    _acknowledged.TryAdd(id, 0);
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                // The service is down: exactly what this load is there to live through. Nothing was acknowledged.
                using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
                await pause.WaitForNextTickAsync();
            }
        }
    }

    /// <summary>Every event of the tenant, page by page, as the API lists them.</summary>
    public async Task<List<string>> ReadAllAsync(HttpClient client)
    {
        var stored = new List<string>();
        string? cursor = null;
        do
        {
            var page = await client.GetFromJsonAsync<JsonObject>(
                $"/events/recent?limit=500&tenant_id={tenant}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
            stored.AddRange(page!["events"]!.AsArray().Select(item => (string)item!["event_id"]!));
            cursor = (string?)page["next_cursor"];
        }
        while (cursor is not null);
        return stored;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }
}
