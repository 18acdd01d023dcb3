using System.Net;
using System.Net.NetworkInformation;
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
    private readonly int _port;
    private readonly List<TcpListener> _listeners = [];
    private CancellationTokenSource? _serving;

    private BootstrapPort(int port, string behind) => (_port, _behind) = (port, IPEndPoint.Parse(behind));

    public string Address => new IPEndPoint(IPAddress.Loopback, _port).ToString();

    public static BootstrapPort Open(int port, string behind)
    {
        BootstrapPort front = new(port, behind);
        front.ComeUp();
        return front;
    }

    public void ComeUp()
    {
        if (_serving is not null) return;
        _listeners.Add(Listen(IPAddress.Loopback));
        // A client that is told `localhost` may try ::1 first, and would log a refusal as an error.
        if (HasLoopback6()) _listeners.Add(Listen(IPAddress.IPv6Loopback));
        _serving = new();
        foreach (var listener in _listeners) _ = AcceptAsync(listener, _serving.Token);
    }

    public void GoDown()
    {
        _serving?.Cancel();
        _serving?.Dispose();
        _serving = null;
        // Here, and not where the loops see the token: the port is free when this returns, to be listened on again.
        foreach (var listener in _listeners) listener.Stop();
        _listeners.Clear();
    }

    public void Dispose() => GoDown();

    private TcpListener Listen(IPAddress address)
    {
        TcpListener listener = new(address, _port);
        listener.Start();
        return listener;
    }

    private static bool HasLoopback6() => NetworkInterface.GetAllNetworkInterfaces()
        .Any(network => network.GetIPProperties().UnicastAddresses.Any(unicast => unicast.Address.Equals(IPAddress.IPv6Loopback)));

    private async Task AcceptAsync(TcpListener listener, CancellationToken stop)
    {
        // While clients queue up, an accept completes at once: the loop would keep the thread of whoever started it.
        await Task.Yield();
        try
        {
            while (true) _ = ForwardAsync(await listener.AcceptTcpClientAsync(stop), stop);
        }
        catch (Exception e) when (stop.IsCancellationRequested && e is OperationCanceledException or SocketException or InvalidOperationException)
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
