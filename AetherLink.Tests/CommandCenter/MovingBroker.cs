using System.Net;
using System.Net.Sockets;

namespace AetherLink.Tests.CommandCenter;

/// <summary>One address behind which now this broker stands and now that one, as after a broker's restart elsewhere.</summary>
internal sealed class MovingBroker : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _gone = new();
    private volatile string _target;

    public MovingBroker(string target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>From the next connection on.</summary>
    public void MoveTo(string target) => _target = target;

    public void Dispose()
    {
        _gone.Cancel();
        _listener.Dispose();
        _gone.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ForwardAsync(await _listener.AcceptTcpClientAsync(_gone.Token), _target.Split(':'));
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task ForwardAsync(TcpClient from, string[] target)
    {
        using (from)
        using (var to = new TcpClient())
        {
            try
            {
                await to.ConnectAsync(target[0], int.Parse(target[1], null), _gone.Token);
                await Task.WhenAny(
                    from.GetStream().CopyToAsync(to.GetStream(), _gone.Token), to.GetStream().CopyToAsync(from.GetStream(), _gone.Token));
            }
            catch (Exception broken) when (broken is SocketException or OperationCanceledException)
            {
                // Either side went: so does the other.
                return;
            }
        }
    }
}
