using System.Net;
using System.Text.Json;

namespace AetherLink.Tests.Chaos;

/// <summary>An event as a subscriber and a list show it.</summary>
internal sealed record Seen(long Sequence, string EventId, string EventType, string? TraceId)
{
    public static Seen Of(JsonElement stored) => new(
        stored.GetProperty("sequence").GetInt64(), stored.GetProperty("event_id").GetString()!, stored.GetProperty("event_type").GetString()!,
        stored.TryGetProperty("trace_id", out var trace) ? trace.GetString() : null);
}

/// <summary>Somebody who watches the live stream, and comes back by the last id whenever it breaks off.</summary>
internal sealed class LiveSubscriber : IAsyncDisposable
{
    private static readonly TimeSpan RetryPace = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Connect _connect;
    private readonly Task _reading;
    private readonly List<Seen> _seen = [];
    private readonly List<string> _refusals = [];
    private string _lastId;

    /// <param name="connect">Its way to the Command Center.</param>
    /// <param name="lastId">Where it goes on; where the stream is when not given.</param>
    public LiveSubscriber(Connect connect, string lastId = "")
    {
        (_connect, _lastId) = (connect, lastId);
        _reading = Task.Run(ReadAsync);
    }

    public IReadOnlyList<Seen> Events
    {
        get
        {
            lock (_seen)
            {
                return [.. _seen];
            }
        }
    }

    /// <summary>Answers that told it not to come back: there must be none.</summary>
    public IReadOnlyList<string> Refusals
    {
        get
        {
            lock (_seen)
            {
                return [.. _refusals];
            }
        }
    }

    /// <summary>The stream's place is known from here on: nothing that is committed later may be missed.</summary>
    public Task IsConnected(TimeSpan within) => Eventually.True(() => Volatile.Read(ref _lastId).Length > 0, within, "the subscriber is connected");

    public bool HasSeen(string eventId)
    {
        lock (_seen)
        {
            // What is asked for is new.
            return _seen.FindLastIndex(one => one.EventId == eventId) >= 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _reading;
        _stopping.Dispose();
    }

    private async Task ReadAsync()
    {
        using var client = _connect("command-center", "operator");
        client.Timeout = Timeout.InfiniteTimeSpan;
        using var retries = new PeriodicTimer(RetryPace);
        try
        {
            while (true)
            {
                try
                {
                    await ReadAsync(client);
                }
                catch (Exception exception) when (exception is HttpRequestException or IOException)
                {
                    // The service is gone: it is looked for again.
                }
                await retries.WaitForNextTickAsync(_stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
    }

    private async Task ReadAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events/stream");
        if (_lastId.Length > 0)
        {
            request.Headers.Add("Last-Event-ID", _lastId);
        }
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _stopping.Token);
        if (answer.StatusCode == HttpStatusCode.BadRequest)
        {
            var why = await answer.Content.ReadAsStringAsync(_stopping.Token);
            lock (_seen)
            {
                _refusals.Add($"Last-Event-ID {_lastId}: {why}");
            }
        }
        answer.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(_stopping.Token));
        string? id = null, data = null;
        while (await reader.ReadLineAsync(_stopping.Token) is { } line)
        {
            (id, data) = line switch
            {
                _ when line.StartsWith("id: ", StringComparison.Ordinal) => (line[4..], data),
                _ when line.StartsWith("data: ", StringComparison.Ordinal) => (id, line[6..]),
                _ => (id, data),
            };
            // A blank line ends the event: what was cut off before it never happened.
            if (line.Length == 0)
            {
                Take(id, data);
                (id, data) = (null, null);
            }
        }
    }

    private void Take(string? id, string? data)
    {
        if (data is not null)
        {
            using var stored = JsonDocument.Parse(data);
            lock (_seen)
            {
                _seen.Add(Seen.Of(stored.RootElement));
            }
        }
        if (id is not null)
        {
            Volatile.Write(ref _lastId, id);
        }
    }
}
