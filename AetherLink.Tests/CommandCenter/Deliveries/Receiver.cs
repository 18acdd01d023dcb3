using System.Collections.Concurrent;
using System.Diagnostics;
using AetherLink.CommandCenter.Deliveries.Signing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AetherLink.Tests.CommandCenter.Deliveries;

/// <summary>A request as the receiver got it.</summary>
internal sealed record Received(string Path, string? Id, string? Timestamp, string? Signatures, byte[] Body, long At)
{
    public bool IsSignedWith(SigningSecret secret) => Signatures!.Split(' ').Contains(
        Signature.Sign(Id!, DateTimeOffset.FromUnixTimeSeconds(long.Parse(Timestamp!, null)), Body, secret));
}

/// <summary>A receiver of webhooks: a real HTTP server, on a free port of loopback, that keeps what it gets.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    public const string Loopback = "127.0.0.0/8";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Received> _received = new();

    private Receiver(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public IReadOnlyList<Received> Received => [.. _received];

    public int Count => _received.Count;

    /// <summary>How it answers; with 200, if not set.</summary>
    public Func<HttpContext, Received, Task>? Answer { get; set; }

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    public Uri At(string path) => new(Address, path);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        var at = Stopwatch.GetTimestamp();
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers;
        var received = new Received(
            context.Request.Path, headers[Signature.IdHeader], headers[Signature.TimestampHeader], headers[Signature.SignatureHeader], body.ToArray(), at);
        _received.Enqueue(received);
        if (Answer is { } answer)
        {
            await answer(context, received);
        }
    }
}
