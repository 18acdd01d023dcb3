using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AetherLink.LoadGenerator.Running;

/// <summary>
/// What is probed: addresses of the loopback network, one for each target, behind which one server answers, or a black hole is. A
/// connection to the hole is never made, as with packets that are dropped: its queue of connections is full, and nobody takes any.
/// </summary>
internal sealed class Probed : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Socket _hole;
    private readonly List<Socket> _full = [];
    private readonly int _port;

    private Probed(WebApplication app, Socket hole) =>
        (_app, _hole, _port) = (app, hole, new Uri(app.Urls.First().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)).Port);

    public static async Task<Probed> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Any, 0));
        var app = builder.Build();
        app.MapGet("/alive", static () => Results.Ok());
        // Where the healer asks what the mesh says of a target that does not answer: nothing.
        app.MapGet("/resources", static () => Results.Bytes("""{"resources":[]}"""u8.ToArray(), "application/json"));
        await app.StartAsync(cancellationToken);
        var hole = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        hole.Bind(new IPEndPoint(IPAddress.Any, 0));
        hole.Listen(1);
        var probed = new Probed(app, hole);
        while (await probed.FillAsync(cancellationToken))
        {
        }
        return probed;
    }

    public Uri Control => new($"http://127.0.0.1:{_port}");

    public Uri Well(int target) => new($"http://{Address(target)}:{_port}/alive");

    public Uri Hole(int target) => new($"http://{Address(target)}:{((IPEndPoint)_hole.LocalEndPoint!).Port}/alive");

    public async ValueTask DisposeAsync()
    {
        _full.ForEach(socket => socket.Dispose());
        _hole.Dispose();
        using var atOnce = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    private static IPAddress Address(int target) => new([127, 1, (byte)(target / 250), (byte)(target % 250 + 1)]);

    /// <returns>Whether there was room in the queue for one more.</returns>
    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _full.Add(socket);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromMilliseconds(300));
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, ((IPEndPoint)_hole.LocalEndPoint!).Port), patience.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
