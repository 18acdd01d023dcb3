using System.Net;
using System.Net.Sockets;

namespace AetherLink.Tests;

/// <summary>A port for a process of a test's own, that nobody listens on at the moment.</summary>
internal static class FreePort
{
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
