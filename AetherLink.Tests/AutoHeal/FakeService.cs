using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AetherLink.Tests.AutoHeal;

/// <summary>A service of the mesh on a real port, that can be killed, hung and made sick.</summary>
internal sealed class FakeService : IAsyncDisposable
{
    /// <summary>An <see cref="Answer"/> that does not come, as of a process that hangs.</summary>
    public const int Never = -1;

    private readonly WebApplication _app;
    private int _probes;
    private int _left;

    private FakeService(string name, WebApplication app) => (Name, _app) = (name, app);

    public string Name { get; }

    public string Url => _app.Urls.First();

    public int Probes => _probes;

    /// <summary>By which each probe came.</summary>
    public ConcurrentQueue<string> Connections { get; } = new();

    /// <summary>Probes whose connection has ended.</summary>
    public int Left => _left;

    /// <summary>What mesh control says of it.</summary>
    public string State { get; set; } = "Running";

    public int? ExitCode { get; set; }

    /// <summary>What a probe gets; 0 cuts the connection, as a dead process does.</summary>
    public int Answer { get; set; } = 200;

    public static async Task<FakeService> StartAsync(string name)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var service = new FakeService(name, app);
        app.MapGet("/alive", service.AliveAsync);
        await app.StartAsync();
        return service;
    }

    public void Die(int exitCode = 137) => (Answer, State, ExitCode) = (0, "Exited", exitCode);

    public void Revive() => (Answer, State, ExitCode) = (200, "Running", null);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AliveAsync(HttpContext context)
    {
        Interlocked.Increment(ref _probes);
        Connections.Enqueue(context.Connection.Id);
        context.Features.Get<IConnectionLifetimeFeature>()!.ConnectionClosed.Register(() => Interlocked.Increment(ref _left));
        if (Answer == Never)
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        else if (Answer == 0)
            context.Abort();
        else
            context.Response.StatusCode = Answer;
    }
}
