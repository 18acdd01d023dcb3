using System.Net.Sockets;

namespace AetherLink.LoadGenerator.Running;

/// <summary>HTTP to a server on a unix socket, as a Docker engine is one.</summary>
internal static class UnixSocket
{
    public static HttpClient Client(string path) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new("http://engine/"),
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
