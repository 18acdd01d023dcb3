using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AetherLink.Tests.Chaos;

/// <summary>A client of a service for the tenant of a load.</summary>
internal delegate HttpClient Connect(string service, string roles);

/// <summary>
/// What a busy mesh is asked: events one by one and in batches, some of them wrong, and AI calls, whose audit and events go
/// through the Orchestrator's spools and Kafka. A publisher that does not know how it went sends the same event again, as a
/// real one does; so an event may be stored before its acknowledgement, and still only once.
/// </summary>
internal sealed class Load(Connect connect, string tenant, Ledger ledger) : IAsyncDisposable
{
    private const int Publishers = 4;
    private const int BatchSize = 40;

    /// <summary>The event in each batch, and of so many single ones, that is wrong.</summary>
    private const int Wrong = 10;

    /// <summary>
    /// About 280 events and 40 AI calls a second: always something under way, little enough to read it all back, and to leave
    /// the development broker room: it drops what is beyond 5 MB a partition, 13,000 of these, and with them AI calls' events
    /// that the Command Center, killed again and again, has not read yet.
    /// </summary>
    private static readonly TimeSpan SinglePace = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan BatchPace = TimeSpan.FromMilliseconds(320);
    private static readonly TimeSpan CallPace = TimeSpan.FromMilliseconds(25);

    /// <summary>Between a failure and the next try.</summary>
    private static readonly TimeSpan RetryPace = TimeSpan.FromMilliseconds(50);

    /// <summary>A frozen service answers nobody: its callers give up and try again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Before its events' ids: the next load of the same tenant sends others.</summary>
    private readonly string _name = Guid.NewGuid().ToString("N")[..8];

    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public void Start() => _running = Task.WhenAll(
    [
        .. Enumerable.Range(0, Publishers).Select(publisher => Task.Run(() => RunAsync(SinglePace, "command-center", PublishAsync(publisher)))),
        Task.Run(() => RunAsync(BatchPace, "command-center", PublishBatchAsync)),
        Task.Run(() => RunAsync(CallPace, "orchestrator", CallAsync)),
    ]);

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
    }

    /// <summary>One event more, until it is acknowledged: whatever is committed before it, a reader has seen when it sees this.</summary>
    public async Task<string> MarkAsync(TimeSpan within)
    {
        var id = $"mark-{Guid.NewGuid():N}";
        using var client = connect("command-center", "agent");
        await Eventually.True(() => TryAsync(() => PublishOneAsync(client, id, "lead.created", CancellationToken.None)), within, "an event is acknowledged");
        return id;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    /// <summary>Does the work number by number at a pace, each until it has come to an end.</summary>
    private async Task RunAsync(TimeSpan pace, string service, Func<HttpClient, int, CancellationToken, Task<bool>> work)
    {
        using var client = connect(service, "agent");
        client.Timeout = Patience;
        using var timer = new PeriodicTimer(pace);
        using var retries = new PeriodicTimer(RetryPace);
        try
        {
            for (var number = 0; await timer.WaitForNextTickAsync(_stopping.Token); number++)
            {
                while (!await TryAsync(() => work(client, number, _stopping.Token)))
                {
                    await retries.WaitForNextTickAsync(_stopping.Token);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // What was under way is in doubt, and so neither acknowledged nor refused.
        }
    }

    private async Task<bool> TryAsync(Func<Task<bool>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or System.Text.Json.JsonException
            || (exception is OperationCanceledException && !_stopping.IsCancellationRequested))
        {
            // Nobody there, cut off, or no answer in time: exactly what this load is there to live through.
            return false;
        }
    }

    private Func<HttpClient, int, CancellationToken, Task<bool>> PublishAsync(int publisher) => (client, number, cancellation) =>
        PublishOneAsync(client, $"{_name}-{publisher}-{number}", TypeOf(number), cancellation);

    private async Task<bool> PublishOneAsync(HttpClient client, string id, string type, CancellationToken cancellationToken)
    {
        var begun = Ledger.Now;
        using var answer = await client.PostAsJsonAsync("/events/publish", Event(id, type), cancellationToken);
        if (answer.StatusCode == HttpStatusCode.BadRequest)
        {
            ledger.Refuse(id);
            return true;
        }
        if (!answer.IsSuccessStatusCode || !(bool)(await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!["stored"]!)
        {
            return false;
        }
        ledger.Acknowledge(id, begun);
        return true;
    }

    private async Task<bool> PublishBatchAsync(HttpClient client, int number, CancellationToken cancellationToken)
    {
        var begun = Ledger.Now;
        var events = Enumerable.Range(0, BatchSize).Select(index => Event($"{_name}-batch-{number}-{index}", TypeOf(index + Wrong - 1 - number % Wrong)));
        using var answer = await client.PostAsJsonAsync("/events/publish/batch", events, cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            return false;
        }
        foreach (var result in (await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!["results"]!.AsArray())
        {
            var id = (string)result!["event_id"]!;
            if ((string?)result["status"] == "rejected")
            {
                ledger.Refuse(id);
            }
            else
            {
                ledger.Acknowledge(id, begun);
            }
        }
        return true;
    }

    /// <summary>Each try is a call of its own: it costs, answered or not.</summary>
    private async Task<bool> CallAsync(HttpClient client, int number, CancellationToken cancellationToken)
    {
        var (begun, trace) = (Ledger.Now, Guid.NewGuid().ToString("N"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orchestrate")
        {
            Content = JsonContent.Create(new
            {
                intent = "extract-lead",
                tenant_id = tenant,
                payload = new { raw_text = $"I am Jane Doe, number {number}, jane.doe@acme.example" },
            }),
        };
        ledger.Call(trace);
        request.Headers.Add("traceparent", $"00-{trace}-{trace[..16]}-01");
        using var answer = await client.SendAsync(request, cancellationToken);
        if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.BadGateway))
        {
            return false;
        }
        await answer.Content.ReadAsStringAsync(cancellationToken);
        ledger.Answer(trace, begun);
        return true;
    }

    private static string TypeOf(int number) => number % Wrong == Wrong - 1 ? "no.such.type" : "lead.created";

    private object Event(string id, string type) =>
        new { event_type = type, source = "chaos", event_id = id, tenant_id = tenant, payload = new { lead_id = id } };
}
