using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AetherLink.LoadGenerator.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AetherLink.LoadGenerator.Bare;

/// <summary>
/// The baselines, in a process of their own: Kestrel with nothing before it. What they cost is what nobody can be quicker than
/// by much, on this machine, at this hour.
/// </summary>
internal sealed class BareServer : IAsyncDisposable
{
    public const string Command = "serve-bare";

    private const string Provider = "provider";

    private readonly ChildProcess _process;

    private BareServer(ChildProcess process, IPEndPoint address) => (_process, Address) = (process, address);

    public IPEndPoint Address { get; }

    public int ProcessId => _process.Id;

    /// <param name="provider">Whom the proxy asks; without it there is no proxy.</param>
    public static Task<BareServer> StartAsync(Uri? provider = null) => StartAsync(provider?.ToString() ?? "", environment: null);

    /// <summary>
    /// A fake provider. As the generator does it, it answers where the socket's news is heard: a hop to the pool would be counted as the
    /// latency of whoever asks it.
    /// </summary>
    public static Task<BareServer> StartProviderAsync() =>
        StartAsync(Provider, new Dictionary<string, string> { ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1" });

    private static async Task<BareServer> StartAsync(string what, IReadOnlyDictionary<string, string>? environment)
    {
        var process = await ChildProcess.StartAsync([Environment.ProcessPath!, Command, what], environment);
        return new(process, IPEndPoint.Parse((await process.FirstLine)["http://".Length..]));
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <summary>Runs it in this process, until it is told to end.</summary>
    public static async Task ServeAsync(string what)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = what == Provider);
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");

        app.MapGet("/json", static () => Results.Bytes(SmallJson, "application/json"));
        app.MapPost("/json", static async (HttpContext http) =>
        {
            await http.Request.Body.CopyToAsync(Stream.Null);
            return Results.Bytes(SmallJson, "application/json");
        });
        MapBroadcast(app);
        app.MapPost("/provider", http => ProvideAsync(http, ProviderTime, OwnAnswer));
        app.MapPost("/instant", http => ProvideAsync(http, TimeSpan.Zero, OwnAnswer));
        app.MapPost("/v1/chat/completions", http => ProvideAsync(http, ProviderTime, ChatAnswer));
        if (Uri.TryCreate(what, UriKind.Absolute, out var provider))
        {
            MapProxy(app, provider);
        }
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        await app.WaitForShutdownAsync();
    }

    private static readonly byte[] SmallJson =
        """{"status":"ok","stored":true,"duplicate":false,"event_type":"lead.created","event_id":"019aa5e2-7a4c-7000-8000-000000000000"}"""u8.ToArray();

    /// <summary>How long the fake provider takes over an answer: a small model's time, and long beside what is measured.</summary>
    public static readonly TimeSpan ProviderTime = TimeSpan.FromMilliseconds(20);

    /// <summary>What stands in an answer before the time that the provider really took, in microseconds.</summary>
    public const string TookMark = "took_us:";

    private static string OwnAnswer(string summary) =>
        $$$"""{"result":{"summary":"{{{summary}}}","key_points":["called"]},"model":"fake","usage":{"input_tokens":12,"output_tokens":7}}""";

    private static string ChatAnswer(string content) =>
        $$$"""{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"fake","choices":[{"index":0,"message":{"role":"assistant","content":"{{{content}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":7,"total_tokens":19}}""";

    private static async Task ProvideAsync(HttpContext http, TimeSpan time, Func<string, string> answerWith)
    {
        var started = Stopwatch.GetTimestamp();
        await http.Request.Body.CopyToAsync(Stream.Null);
        if (time > TimeSpan.Zero)
        {
            await Task.Delay(time);
        }
        // Measured as late as can be, so that the coarse timer counts as the provider's own time, and not as overhead.
        var took = (long)Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        var answer = Encoding.UTF8.GetBytes(answerWith(string.Create(CultureInfo.InvariantCulture, $"Called the customer. {TookMark}{took};")));
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = answer.Length;
        await http.Response.Body.WriteAsync(answer);
    }

    private static void MapProxy(WebApplication app, Uri provider)
    {
        var client = new HttpClient();
        app.MapPost("/proxy", async (HttpContext http) =>
        {
            using var content = new StreamContent(http.Request.Body);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json");
            content.Headers.ContentLength = http.Request.ContentLength;
            using var answer = await client.PostAsync(provider, content, http.RequestAborted);
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = answer.Content.Headers.ContentLength;
            await answer.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
        });
    }

    private static void MapBroadcast(WebApplication app)
    {
        var listeners = ImmutableHashSet<HttpContext>.Empty;
        var oneAtATime = new SemaphoreSlim(1);
        app.MapGet("/stream", async (HttpContext http) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.BodyWriter.WriteAsync(": connected\n\n"u8.ToArray());
            ImmutableInterlocked.Update(ref listeners, all => all.Add(http));
            try
            {
                await Task.Delay(Timeout.Infinite, http.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                ImmutableInterlocked.Update(ref listeners, all => all.Remove(http));
            }
        });
        app.MapPost("/broadcast", async (HttpContext http) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            // Answered at once, as a publication is: the stream comes after.
            _ = BroadcastAsync([.. "data: "u8, .. body.ToArray(), .. "\n\n"u8]);
            return Results.Bytes(SmallJson, "application/json");
        });

        async Task BroadcastAsync(byte[] frame)
        {
            await oneAtATime.WaitAsync();
            try
            {
                // All are begun before one is waited for: a slow listener holds up nobody.
                await Task.WhenAll(listeners.Select(listener => listener.Response.BodyWriter.WriteAsync(frame).AsTask()));
            }
            finally
            {
                oneAtATime.Release();
            }
        }
    }
}
