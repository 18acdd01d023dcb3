using System.Net;
using System.Net.Sockets;

namespace AetherLink.LoadGenerator.Running;

/// <summary>
/// A receiver that takes every connection and answers nothing, at an address of its own: a server in trouble, and not a path of one that is
/// well. It costs this process next to nothing, so that what is seen beside it is not the generator's.
/// </summary>
internal sealed class StuckReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;

    public StuckReceiver()
    {
        _listener.Start(backlog: 512);
        _accepting = AcceptAsync();
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = HoldAsync(await _listener.AcceptSocketAsync(_end.Token));
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    /// <summary>Until the sender gives up.</summary>
    private async Task HoldAsync(Socket socket)
    {
        using (socket)
        {
            var ignored = new byte[4096];
            try
            {
                while (await socket.ReceiveAsync(ignored, _end.Token) > 0)
                {
                    // It is never answered.
                }
            }
            catch (Exception over) when (over is SocketException or OperationCanceledException)
            {
                // It was cut off, or this is the end.
            }
        }
    }
}
