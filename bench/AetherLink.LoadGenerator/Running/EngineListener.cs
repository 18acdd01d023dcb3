using System.Text.Json;

namespace AetherLink.LoadGenerator.Running;

/// <summary>What a real engine tells of containers' health and restarts, with its own times, from when it is begun.</summary>
internal sealed class EngineListener : IAsyncDisposable
{
    private const string Filters = """{"type":["container"],"event":["health_status","kill","start"]}""";

    private readonly CancellationTokenSource _ends = new();
    private readonly Lock _lock = new();
    private readonly List<(string Container, string Action, long Nano)> _told = [];
    private readonly HttpClient _client;
    private readonly Task _reading;

    private EngineListener(HttpClient client, HttpResponseMessage answer) => (_client, _reading) = (client, ReadAsync(answer));

    public static async Task<EngineListener> StartAsync(DockerEngine engine, CancellationToken cancellationToken)
    {
        var client = UnixSocket.Client(new Uri(engine.Endpoint).LocalPath);
        var path = new Uri($"events?filters={Uri.EscapeDataString(Filters)}", UriKind.Relative);
        return new(client, await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken));
    }

    /// <summary>For each time that a container turned unhealthy and was well again: how long until its restart was issued, and until that.</summary>
    public IReadOnlyList<(TimeSpan Issued, TimeSpan Healthy)> Heals()
    {
        lock (_lock)
        {
            return [.. _told.GroupBy(one => one.Container, StringComparer.Ordinal).SelectMany(of => Heals([.. of]))];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        await _reading;
        _client.Dispose();
        _ends.Dispose();
    }

    private static IEnumerable<(TimeSpan Issued, TimeSpan Healthy)> Heals((string Container, string Action, long Nano)[] told)
    {
        long? unhealthy = null, issued = null;
        foreach (var (_, action, nano) in told)
        {
            switch (action)
            {
                case "health_status: unhealthy":
                    unhealthy ??= nano;
                    break;
                case "kill" when unhealthy is not null:
                    issued ??= nano;
                    break;
                case "health_status: healthy" when issued is not null:
                    yield return (After(unhealthy!.Value, issued.Value), After(unhealthy.Value, nano));
                    (unhealthy, issued) = (null, null);
                    break;
            }
        }
    }

    private static TimeSpan After(long from, long until) => TimeSpan.FromTicks((until - from) / TimeSpan.NanosecondsPerTick);

    private async Task ReadAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
            try
            {
                while (await reader.ReadLineAsync(_ends.Token) is { } line)
                {
                    using var one = JsonDocument.Parse(line);
                    lock (_lock)
                    {
                        _told.Add((one.RootElement.GetProperty("Actor").GetProperty("ID").GetString()!,
                            one.RootElement.GetProperty("Action").GetString()!, one.RootElement.GetProperty("timeNano").GetInt64()));
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // Nobody wants to know any more.
            }
        }
    }
}
