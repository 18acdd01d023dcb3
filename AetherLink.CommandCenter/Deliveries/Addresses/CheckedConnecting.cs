using System.Net;
using System.Net.Sockets;

namespace AetherLink.CommandCenter.Deliveries.Addresses;

/// <summary>
/// Opens the connections of deliveries: resolves, checks every address, and connects to the one that was checked. A name that
/// resolves to something else the next time, or to several things, gets nowhere.
/// </summary>
internal sealed class CheckedConnecting(AddressCheck check, IHostResolver resolver, ILogger<CheckedConnecting> logger)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        await ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken);

    public async Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var addresses = await ResolveAsync(host, cancellationToken);
        // One bad address condemns the name: an attacker mixes it with good ones.
        if (addresses.FirstOrDefault(address => !check.Allows(address)) is { } bad)
        {
            // Whoever may test a webhook must not learn from it what the names of the inside resolve to.
            Log.AddressBlocked(logger, host, bad);
            throw new BlockedAddressException($"{host} is not at an address that is sent to.");
        }
        SocketException? failure = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException refused)
            {
                socket.Dispose();
                failure = refused;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }

    private async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        IPAddress.TryParse(host, out var literal) ? [literal] : await resolver.ResolveAsync(host, cancellationToken);
}
