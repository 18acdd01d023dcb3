using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AetherLink.LoadGenerator.Table;

namespace AetherLink.LoadGenerator.Cases.Pages;

/// <summary>Viewers without a screen: each is signed in, holds the stream, and asks what a browser was seen to ask, at its times, again and again.</summary>
internal sealed class Readers : IAsyncDisposable
{
    private readonly CancellationTokenSource _over;
    private readonly List<Task> _work = [];
    private readonly List<HttpClient> _clients = [];
    private long _events;
    private long _answers;
    private long _refused;

    private Readers(CancellationToken cancellationToken) => _over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

    public long Events => Interlocked.Read(ref _events);

    public long Answers => Interlocked.Read(ref _answers);

    public long Refused => Interlocked.Read(ref _refused);

    public static async Task<Readers> JoinAsync(Uri address, int count, IReadOnlyList<Question> asked, TimeSpan period, CancellationToken cancellationToken)
    {
        var readers = new Readers(cancellationToken);
        for (var number = 0; number < count; number++)
        {
            var client = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = address };
            readers._clients.Add(client);
            await SignInAsync(client, number, cancellationToken);
            readers._work.Add(readers.ListenAsync(client, readers._over.Token));
            // Not all at once: people come when they come.
            readers._work.Add(readers.AskAsync(client, asked, period, period * number / count, readers._over.Token));
        }
        return readers;
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        foreach (var work in _work)
        {
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        _clients.ForEach(client => client.Dispose());
        _over.Dispose();
    }

    private static async Task SignInAsync(HttpClient client, int number, CancellationToken cancellationToken)
    {
        var session = await client.GetFromJsonAsync<JsonElement>(new Uri("/api/session", UriKind.Relative), cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/session") { Content = JsonContent.Create(new { role = "operator", name = Row.Text($"viewer-{number}") }) };
        request.Headers.Add("X-CSRF-Token", session.GetProperty("csrf_token").GetString());
        using var answer = await client.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private async Task ListenAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events/stream");
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        answer.EnsureSuccessStatusCode();
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _events);
            }
        }
    }

    private async Task AskAsync(HttpClient client, IReadOnlyList<Question> asked, TimeSpan period, TimeSpan shifted, CancellationToken cancellationToken)
    {
        await Task.Delay(shifted, cancellationToken);
        for (var round = System.Diagnostics.Stopwatch.StartNew(); ; round.Restart())
        {
            foreach (var question in asked)
            {
                await PauseAsync(question.After - round.Elapsed, cancellationToken);
                using var answer = await client.GetAsync(new Uri(question.Path, UriKind.Relative), cancellationToken);
                await answer.Content.CopyToAsync(Stream.Null, cancellationToken);
                Interlocked.Increment(ref (answer.IsSuccessStatusCode ? ref _answers : ref _refused));
            }
            await PauseAsync(period - round.Elapsed, cancellationToken);
        }
    }

    private static Task PauseAsync(TimeSpan time, CancellationToken cancellationToken) =>
        time > TimeSpan.Zero ? Task.Delay(time, cancellationToken) : Task.CompletedTask;
}
