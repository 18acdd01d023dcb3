using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AetherLink.LoadGenerator.Running;

/// <summary>
/// The slice of the Docker engine's API that a healer uses, on a real unix socket, over containers that nobody runs. What it tells
/// of them it keeps, and repeats for whoever asks since when. The tests use it, too.
/// </summary>
internal sealed class FakeEngine : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, FakeContainer> _containers = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly List<(long Nano, string Line)> _told = [];
    private readonly HashSet<Channel<string>> _listeners = [];
    private CancellationTokenSource _connected = new();
    private long _lastNano;

    private FakeEngine(WebApplication app) => _app = app;

    /// <summary>Whether it answers at all; what hangs accepts and says nothing.</summary>
    public bool Hangs { get; set; }

    /// <summary>Called with the container when it has been restarted and before anybody is told.</summary>
    public Action<FakeContainer> Restarted { get; set; } = static _ => { };

    /// <summary>Every container that was restarted, in order.</summary>
    public ConcurrentQueue<string> Restarts { get; } = new();

    /// <summary>What was asked for the last time that the list was.</summary>
    public string? Filters { get; private set; }

    public FakeContainer this[string name] => _containers[name];

    public static async Task<FakeEngine> StartAsync(string socket)
    {
        File.Delete(socket);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socket));
        var app = builder.Build();
        var engine = new FakeEngine(app);
        app.Use(engine.AnswerAsync);
        foreach (var prefix in new[] { "", "/{version}" })
        {
            app.MapGet(prefix + "/containers/json", engine.List);
            app.MapGet(prefix + "/containers/{id}/json", engine.InspectAsync);
            app.MapGet(prefix + "/events", engine.StreamAsync);
            app.MapPost(prefix + "/containers/{id}/restart", engine.Restart);
        }

        await app.StartAsync();
        return engine;
    }

    /// <summary>A labelled container that runs, and is well.</summary>
    public FakeContainer Add(string name, params (string Name, string Value)[] labels) => Add(new FakeContainer(name, labels));

    public FakeContainer Add(FakeContainer container) => _containers[container.Name] = container;

    /// <summary>The engine's health check says otherwise, and the engine tells.</summary>
    public void Turn(string name, string health)
    {
        this[name].Health = health;
        Tell(this[name], $"health_status: {health}");
    }

    /// <summary>Its process ends, and the engine tells.</summary>
    public void Die(string name, int exitCode)
    {
        (this[name].Status, this[name].ExitCode) = ("exited", exitCode);
        Tell(this[name], "die", ("exitCode", exitCode.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>Its process ends so many times, and each time its own policy has the engine restart it.</summary>
    public void Loop(string name, int ends)
    {
        (this[name].Status, this[name].ExitCode) = ("restarting", 1);
        for (var end = 1; end <= ends; end++)
        {
            Tell(this[name], "die", ("exitCode", "1"));
            if (end < ends)
                Tell(this[name], "start");
        }
    }

    /// <summary>The kernel ends it, and the engine tells, without a mark in the container's state.</summary>
    public void RunOutOfMemory(string name)
    {
        Tell(this[name], "oom");
        Die(name, 137);
    }

    /// <summary>Somebody asks the engine to end it.</summary>
    public void Stop(string name)
    {
        Tell(this[name], "kill", ("signal", "15"));
        Die(name, 143);
    }

    /// <summary>Somebody restarts it, and all goes well: four events.</summary>
    public void Cycle(string name)
    {
        Stop(name);
        (this[name].Status, this[name].ExitCode) = ("running", 0);
        Tell(this[name], "start");
        Turn(name, "healthy");
    }

    /// <summary>Every connection is lost, and no new one answered, until <see cref="Connect"/>.</summary>
    public void Disconnect() => _connected.Cancel();

    public void Connect() => _connected = new CancellationTokenSource();

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
        _connected.Dispose();
    }

    private async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        var connected = _connected.Token;
        if (Hangs)
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        else if (!connected.IsCancellationRequested)
            await next(context);
        if (connected.IsCancellationRequested)
            context.Abort();
    }

    private IResult List(HttpRequest request)
    {
        Filters = request.Query["filters"];
        var (all, unhealthy) = (request.Query["all"] == "1", Filters?.Contains("unhealthy", StringComparison.Ordinal) is true);
        return Results.Json(_containers.Values
            .Where(one => (all || one.Status == "running") && (!unhealthy || one.Health == "unhealthy"))
            .Select(one => one.Listed()));
    }

    private async Task<IResult> InspectAsync(string id, CancellationToken cancellationToken)
    {
        if (Find(id) is not { } found)
            return NotFound(id);
        if (found.Answers is 0)
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return found.Answers is { } status ? Results.Json(new JsonObject { ["message"] = "layer does not exist" }, statusCode: status) : Results.Json(found.Inspected());
    }

    private IResult Restart(string id)
    {
        if (Find(id) is not { } found)
            return NotFound(id);
        Restarts.Enqueue(found.Name);
        Tell(found, "kill", ("signal", "15"));
        Tell(found, "die", ("exitCode", "143"));
        (found.Status, found.ExitCode, found.Health) = ("running", 0, "healthy");
        Restarted(found);
        Tell(found, "start");
        if (found.Health is "healthy")
            Tell(found, "health_status: healthy");
        return Results.NoContent();
    }

    private async Task StreamAsync(HttpContext context)
    {
        await context.Response.StartAsync();
        await context.Response.Body.FlushAsync();
        var listener = Channel.CreateUnbounded<string>();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _app.Lifetime.ApplicationStopping, _connected.Token);
        lock (_lock)
        {
            var since = context.Request.Query["since"].ToString() is { Length: > 0 } text ? (long)(decimal.Parse(text, CultureInfo.InvariantCulture) * 1_000_000_000) : long.MaxValue;
            foreach (var (_, line) in _told.Where(one => one.Nano >= since))
                listener.Writer.TryWrite(line);
            _listeners.Add(listener);
        }

        try
        {
            await foreach (var line in listener.Reader.ReadAllAsync(ends.Token))
                await context.Response.WriteAsync(line, ends.Token);
        }
        catch (OperationCanceledException)
        {
            // Whoever listened has gone, or the engine goes.
        }
        finally
        {
            lock (_lock)
                _listeners.Remove(listener);
        }
    }

    private void Tell(FakeContainer container, string action, params (string Name, string Value)[] attributes)
    {
        lock (_lock)
        {
            _lastNano = Math.Max(_lastNano + 1, (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick);
            var line = container.Event(action, attributes, _lastNano).ToJsonString() + "\n";
            _told.Add((_lastNano, line));
            // As many as a real engine keeps.
            if (_told.Count > 256)
                _told.RemoveAt(0);
            foreach (var listener in _listeners)
                listener.Writer.TryWrite(line);
        }
    }

    private FakeContainer? Find(string id) => _containers.Values.FirstOrDefault(one => one.Id == id);

    private static IResult NotFound(string id) => Results.Json(new JsonObject { ["message"] = $"No such container: {id}" }, statusCode: 404);
}
