using System.Net.ServerSentEvents;

namespace AetherLink.Tests.Web;

/// <summary>An open stream of a browser, read in the background.</summary>
internal sealed class LiveStream : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpResponseMessage _response;
    private readonly List<SseItem<string>> _items = [];
    private readonly Task _reading;

    private LiveStream(HttpResponseMessage response, Stream stream)
    {
        _response = response;
        _reading = ReadAsync(stream);
    }

    public bool HasEnded => _reading.IsCompleted;

    /// <summary>The numbers of the events, in the order in which they came.</summary>
    public long[] Sequences
    {
        get
        {
            lock (_items)
                return [.. _items.Where(item => item.EventType == "lead.created").Select(item => long.Parse(item.EventId!, null))];
        }
    }

    public string[] Types
    {
        get
        {
            lock (_items)
                return [.. _items.Select(item => item.EventType)];
        }
    }

    public static async Task<LiveStream> OpenAsync(Browser browser, long? after = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events/stream");
        if (after is { } id)
            request.Headers.Add("Last-Event-ID", $"{id}");
        var response = await browser.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        var stream = new LiveStream(response, await response.Content.ReadAsStreamAsync());
        await Eventually.True(() => stream.Types.Contains("gateway.state") || stream.HasEnded, Gateway.Soon, "the stream has begun");
        return stream;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _response.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync(Stream stream)
    {
        try
        {
            await foreach (var item in SseParser.Create(stream).EnumerateAsync(_stop.Token))
                lock (_items)
                    _items.Add(item);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or HttpRequestException)
        {
            // Broken off, by the gateway or by the test.
        }
    }
}
