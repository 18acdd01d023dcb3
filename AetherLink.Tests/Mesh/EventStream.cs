using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace AetherLink.Tests.Mesh;

/// <summary>A subscriber of a server-sent event stream, read by the framework's parser.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly IAsyncEnumerator<SseItem<string>> _items;
    private readonly CancellationTokenSource _reading;

    private EventStream(HttpResponseMessage response, IAsyncEnumerator<SseItem<string>> items, CancellationTokenSource reading)
    {
        _response = response;
        _items = items;
        _reading = reading;
    }

    public HttpResponseMessage Response => _response;

    /// <summary>Subscribes; returns when the headers have arrived.</summary>
    public static async Task<EventStream> OpenAsync(HttpClient client, string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        var reading = new CancellationTokenSource();
        var items = SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync(reading.Token).GetAsyncEnumerator();
        return new EventStream(response, items, reading);
    }

    /// <summary>The next event; a <see cref="TimeoutException"/> when none arrives in time.</summary>
    public async Task<(string? Id, string Type, JsonObject Data)> NextAsync(TimeSpan within)
    {
        if (!await _items.MoveNextAsync().AsTask().WaitAsync(within))
        {
            throw new EndOfStreamException("The stream ended.");
        }

        var item = _items.Current;
        return (item.EventId, item.EventType, JsonNode.Parse(item.Data)!.AsObject());
    }

    public async ValueTask DisposeAsync()
    {
        await _reading.CancelAsync();
        _response.Dispose();
        _reading.Dispose();
    }
}
