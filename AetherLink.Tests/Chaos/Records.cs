using System.Text.Json;

namespace AetherLink.Tests.Chaos;

/// <summary>Reads back what the Command Center has of a tenant, page by page, as the API lists it.</summary>
internal sealed class Records(Connect connect)
{
    /// <summary>Every event, in the stream's order.</summary>
    public async Task<List<Seen>> EventsAsync()
    {
        var events = await AllAsync("/events/recent?limit=500", "events", Seen.Of);
        events.Reverse();
        return events;
    }

    /// <summary>The trace ids of the AI calls that were announced as events.</summary>
    public Task<List<string?>> AnnouncedAsync() =>
        AllAsync("/events/recent?limit=500&event_type=ai.provider.used,ai.fallback.used,ai.fallback.failed", "events", Trace);

    /// <summary>The trace ids of the AI calls in the audit.</summary>
    public Task<List<string?>> AuditedAsync() => AllAsync("/ops/ai/calls?limit=500", "calls", Trace);

    private static string? Trace(JsonElement item) => item.TryGetProperty("trace_id", out var trace) ? trace.GetString() : null;

    private async Task<List<T>> AllAsync<T>(string path, string field, Func<JsonElement, T> read)
    {
        using var client = connect("command-center", "operator");
        var all = new List<T>();
        var cursor = "";
        do
        {
            using var page = JsonDocument.Parse(await client.GetByteArrayAsync(path + cursor));
            all.AddRange(page.RootElement.GetProperty(field).EnumerateArray().Select(read));
            cursor = page.RootElement.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={Uri.EscapeDataString(next)}" : "";
        }
        while (cursor.Length > 0);
        return all;
    }
}
