using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AetherLink.Tests.AutoHeal;

/// <summary>The slice of the Docker engine's API that the healer uses, on a real unix socket.</summary>
internal sealed class FakeEngine : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeEngine(WebApplication app) => _app = app;

    /// <summary>Health by name of container; every one of them is labelled.</summary>
    public ConcurrentDictionary<string, string> Health { get; } = new();

    /// <summary>Whether it answers at all; what hangs accepts and says nothing.</summary>
    public bool Hangs { get; set; }

    public ConcurrentQueue<string> Restarts { get; } = new();

    public string? Filters { get; private set; }

    public static async Task<FakeEngine> StartAsync(string socket)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socket));
        var app = builder.Build();
        var engine = new FakeEngine(app);
        app.Use(async (context, next) =>
        {
            if (engine.Hangs)
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            else
                await next(context);
        });
        foreach (var prefix in new[] { "", "/{version}" })
        {
            app.MapGet(prefix + "/containers/json", engine.List);
            app.MapGet(prefix + "/containers/{id}/json", engine.Inspect);
            app.MapGet(prefix + "/events", engine.StreamAsync);
            app.MapPost(prefix + "/containers/{id}/restart", engine.Restart);
        }

        await app.StartAsync();
        return engine;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private IResult List(HttpRequest request)
    {
        Filters = request.Query["filters"];
        return Results.Json(Health.Select(pair => new Dictionary<string, object>
        {
            ["Id"] = $"id-{pair.Key}",
            ["Names"] = new[] { $"/{pair.Key}" },
            ["State"] = "running",
            ["Status"] = $"Up 5 minutes ({pair.Value})",
            ["Labels"] = new Dictionary<string, string> { ["aetherlink.autoheal"] = "true" },
        }));
    }

    /// <summary>Says nothing until the engine ends: what these tests see, the passes bring.</summary>
    private async Task StreamAsync(HttpContext context)
    {
        await context.Response.StartAsync();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _app.Lifetime.ApplicationStopping);
        await Task.Delay(Timeout.Infinite, ends.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private IResult Inspect(string id) => !Health.TryGetValue(id["id-".Length..], out var health)
        ? Results.Json(new Dictionary<string, string> { ["message"] = $"No such container: {id}" }, statusCode: 404)
        : Results.Json(new Dictionary<string, object>
        {
            ["Id"] = id,
            ["State"] = new Dictionary<string, object>
            {
                ["Status"] = "running",
                ["Running"] = true,
                ["ExitCode"] = 0,
                ["Health"] = new Dictionary<string, object> { ["Status"] = health },
            },
        });

    private IResult Restart(string id)
    {
        var name = id["id-".Length..];
        Restarts.Enqueue(name);
        Health[name] = "healthy";
        return Results.NoContent();
    }
}
