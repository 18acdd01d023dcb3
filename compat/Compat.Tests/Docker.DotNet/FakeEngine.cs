using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Compat.Tests.Docker;

/// <summary>A Docker engine of one container, on a unix socket: its answers have the shape of a real one's (API 1.41).</summary>
internal sealed class FakeEngine : IAsyncDisposable
{
    public const string Id = "8dfafdbc3a40e4b1b3f0a4d4cf1d4d9a1c8a0a1f3c0f6a3f5b7c9d1e2f3a4b5c";

    private readonly string _folder = Directory.CreateTempSubdirectory("fake-engine-").FullName;
    private readonly WebApplication _app;
    private readonly List<(long TimeNano, string Json)> _events = [];
    private Channel<string> _live = Channel.CreateUnbounded<string>();
    private volatile bool _watched;

    private FakeEngine()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(Path.Combine(_folder, "docker.sock")));
        _app = builder.Build();
        _app.Use((context, next) =>
        {
            Requests.Enqueue($"{context.Request.Method} {context.Request.Path}{Uri.UnescapeDataString(context.Request.QueryString.Value!)}");
            return next(context);
        });
        _app.MapGet("/_ping", () => "OK");
        _app.MapGet("/v1.41/version", () => Results.Text("""{"Version":"20.10.24","ApiVersion":"1.41","MinAPIVersion":"1.12","Os":"linux","Arch":"amd64"}""", "application/json"));
        _app.MapGet("/containers/json", () => Results.Text($$"""
            [{"Id":"{{Id}}","Names":["/web"],"Image":"busybox:latest","ImageID":"sha256:1","Command":"httpd -f","Created":1700000000,
              "Ports":[{"IP":"0.0.0.0","PrivatePort":80,"PublicPort":8080,"Type":"tcp"}],"Labels":{"team":"ops"},
              "State":"running","Status":"Up 5 minutes (healthy)","HostConfig":{"NetworkMode":"default"},"Mounts":[]}]
            """, "application/json"));
        _app.MapGet("/containers/{id}/json", (string id) => Known(id) ?? Results.Text($$"""
            {"Id":"{{Id}}","Created":"2023-11-14T22:13:20.123456789Z","Path":"httpd","Args":["-f"],"Name":"/web","RestartCount":2,
             "State":{"Status":"exited","Running":false,"OOMKilled":true,"Pid":0,"ExitCode":137,"Error":"","StartedAt":"2023-11-14T22:13:21Z",
                      "FinishedAt":"2023-11-14T22:14:21Z","Health":{"Status":"unhealthy","FailingStreak":3,
                      "Log":[{"Start":"2023-11-14T22:14:00.5+01:00","End":"2023-11-14T22:14:01Z","ExitCode":1,"Output":"refused"}]} },
             "Config":{"Hostname":"8dfafdbc3a40","Env":["A=b"],"Image":"busybox:latest","Labels":{"team":"ops"},"Healthcheck":{"Interval":1000000000} } }
            """, "application/json"));
        _app.MapPost("/containers/{id}/start", (string id) => Known(id) ?? Results.StatusCode(StatusCodes.Status304NotModified));
        _app.MapPost("/containers/{id}/pause", (string id) => Known(id) ?? Results.Json(new { message = "is not running" }, statusCode: StatusCodes.Status409Conflict));
        _app.MapPost("/containers/{id}/{action}", (string id) => Known(id) ?? Results.NoContent());
        _app.MapGet("/events", StreamAsync);
    }

    public Uri Endpoint => new($"unix://{_folder}/docker.sock");

    /// <summary>Every request, as method, path and decoded query.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    public bool Watched => _watched;

    public static async Task<FakeEngine> StartAsync()
    {
        FakeEngine engine = new();
        await engine._app.StartAsync();
        return engine;
    }

    public void Happen(long timeNano, string action)
    {
        var json = $$"""{"status":"{{action}}","id":"{{Id}}","from":"busybox","Type":"container","Action":"{{action}}","Actor":{"ID":"{{Id}}","Attributes":{"name":"web","exitCode":"137"} },"scope":"local","time":{{timeNano / 1_000_000_000}},"timeNano":{{timeNano}}}""";
        lock (_events) _events.Add((timeNano, json));
        if (_watched) _live.Writer.TryWrite(json);
    }

    /// <summary>Ends the streams, as an engine that shuts down does.</summary>
    public void EndStreams() => Interlocked.Exchange(ref _live, Channel.CreateUnbounded<string>()).Writer.Complete();

    public async ValueTask DisposeAsync()
    {
        EndStreams();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static IResult? Known(string id) =>
        id is Id or "web" ? null : Results.Json(new { message = $"No such container: {id}" }, statusCode: StatusCodes.Status404NotFound);

    private async Task StreamAsync(HttpContext context)
    {
        var live = Volatile.Read(ref _live);
        await context.Response.StartAsync();
        await context.Response.Body.FlushAsync();
        if (context.Request.Query["since"] is [{ } since])
        {
            var from = (long)(decimal.Parse(since, CultureInfo.InvariantCulture) * 1_000_000_000);
            string[] missed;
            lock (_events) missed = [.. _events.Where(one => one.TimeNano >= from).Select(one => one.Json)];
            foreach (var json in missed) await WriteAsync(json);
        }

        _watched = true;
        await foreach (var json in live.Reader.ReadAllAsync(context.RequestAborted)) await WriteAsync(json);
        _watched = false;

        async Task WriteAsync(string json)
        {
            await context.Response.WriteAsync(json + "\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}
