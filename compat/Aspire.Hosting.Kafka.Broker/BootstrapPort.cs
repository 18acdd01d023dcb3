using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Kafka.Broker;

/// <summary>
/// A fixed port before the one that the mock picks. A Kafka client asks the address it was given only for the cluster's
/// metadata, and then goes to the brokers named there; so this carries lookups and no messages, and it is how a client finds a
/// restarted broker again.
/// </summary>
internal sealed class BootstrapPort : IDisposable
{
    private readonly IPEndPoint _behind;
    private readonly IPEndPoint _own;
    private CancellationTokenSource? _serving;

    private BootstrapPort(int port, string behind) => (_own, _behind) = (new(IPAddress.Loopback, port), IPEndPoint.Parse(behind));

    public string Address => _own.ToString();

    public static BootstrapPort Open(int port, string behind)
    {
        BootstrapPort front = new(port, behind);
        front.ComeUp();
        return front;
    }

    public void ComeUp()
    {
        if (_serving is not null) return;
        TcpListener listener = new(_own);
        listener.Start();
        _serving = new();
        _ = AcceptAsync(listener, _serving.Token);
    }

    public void GoDown()
    {
        _serving?.Cancel();
        _serving?.Dispose();
        _serving = null;
    }

    public void Dispose() => GoDown();

    private async Task AcceptAsync(TcpListener listener, CancellationToken stop)
    {
        // Stopped where the token is cancelled, and not where the loop sees it: a port that is given up is free at once.
        using var whenStopped = stop.Register(listener.Stop);
        try
        {
            while (true) _ = ForwardAsync(await listener.AcceptTcpClientAsync(stop), stop);
        }
        catch (Exception e) when (stop.IsCancellationRequested && e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Gone down.
        }
    }

    private async Task ForwardAsync(TcpClient client, CancellationToken stop)
    {
        using var near = client;
        using TcpClient far = new();
        using var pair = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            await far.ConnectAsync(_behind, stop);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream(), pair.Token), far.GetStream().CopyToAsync(near.GetStream(), pair.Token));
            await pair.CancelAsync(); // one direction has ended: so has the conversation
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // A dropped connection is the clients' business: they try again.
        }
    }
}
