using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AetherLink.Tests.Orchestrator;

/// <summary>A provider's server on a free port: it answers as it is told to, and keeps what it was asked.</summary>
internal sealed class FakeProvider : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeProvider(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public RequestDelegate Answer { get; set; } = _ => Task.CompletedTask;

    public ConcurrentQueue<(string Path, IHeaderDictionary Headers, JsonNode Body)> Asked { get; } = new();

    public int Aborted;

    public static async Task<FakeProvider> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var fake = new FakeProvider(app) { Answer = answer };
        app.Run(async context =>
        {
            context.RequestAborted.Register(() => Interlocked.Increment(ref fake.Aborted));
            var body = await JsonNode.ParseAsync(context.Request.Body);
            fake.Asked.Enqueue((context.Request.Path, new HeaderDictionary(context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase)), body!));
            context.Items[Wire.IsStream] = body is JsonObject o && o["stream"]?.GetValueKind() == JsonValueKind.True;
            await fake.Answer(context);
        });
        await app.StartAsync();
        return fake;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}

/// <summary>What providers answer, well or badly.</summary>
internal static class Answers
{
    public const string Lead = """{"name":"Ada Lovelace","email":"ada@engine.org","company":"Engine","phone":null,"tags":["pricing"]}""";

    /// <summary>The same text in each provider's wire format, whole or as a stream: as it was asked for.</summary>
    public static RequestDelegate Of(string type, params string[] pieces) => context => Wire.WriteAsync(context, type, pieces);

    public static RequestDelegate Status(int status, string? retryAfter = null) => context =>
    {
        context.Response.StatusCode = status;
        if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
        return context.Response.WriteAsync("""{"error":{"type":"some_error","message":"because"}}""");
    };

    public static RequestDelegate Text(string text) => context =>
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(text);
    };

    public static async Task Stall(HttpContext context) => await Task.Delay(Timeout.Infinite, context.RequestAborted);

    public static async Task StallInTheBody(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync("{\"model\":");
        await context.Response.Body.FlushAsync();
        await Stall(context);
    }

    public static async Task Cut(HttpContext context)
    {
        context.Response.ContentLength = 1_000;
        await context.Response.WriteAsync("{\"model\":");
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    public static RequestDelegate Refusal(string type) => context => Wire.RefuseAsync(context, type);
}
