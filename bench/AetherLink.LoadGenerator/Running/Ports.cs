using System.Net;
using System.Net.Sockets;

namespace AetherLink.LoadGenerator.Running;

internal static class Ports
{
    /// <summary>A port of 127.0.0.1 that nobody has.</summary>
    public static int Free()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
