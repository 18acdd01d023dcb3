using System.Net;
using System.Net.Sockets;
using AetherLink.LoadGenerator.Load;

namespace AetherLink.Tests.Bench;

public sealed class OpenLoopTests
{
    private static readonly byte[] Request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray();

    [Fact]
    public async Task Connection_that_the_server_ends_between_two_answers_is_made_anew_and_told_and_fails_nothing()
    {
        using var server = new Closing(afterAnswers: 3);

        var result = await RunAsync(server, reconnects: true);

        Assert.Equal((100, 0), (result.Good, result.Bad));
        Assert.InRange(result.Reconnected, 10, 40);
    }

    [Fact]
    public async Task Request_whose_connection_ends_without_an_answer_has_failed()
    {
        using var server = new Closing(afterAnswers: 0);

        var result = await RunAsync(server, reconnects: true);

        Assert.Equal((0, 100), (result.Good, result.Bad));
    }

    private static Task<LoadResult> RunAsync(Closing server, bool reconnects) => OpenLoop.RunAsync(
        server.Address, connections: 4, perSecond: 500, TimeSpan.FromSeconds(0.2), _ => Request, Judges.Ok, CancellationToken.None, reconnects);

    /// <summary>Ends each connection after so many answers: right behind the last, so that the next request crosses with it.</summary>
    private sealed class Closing : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly int _afterAnswers;

        public Closing(int afterAnswers)
        {
            _afterAnswers = afterAnswers;
            _listener.Start();
            _ = AcceptAsync();
        }

        public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    _ = ServeAsync(await _listener.AcceptSocketAsync());
                }
            }
            catch (Exception ended) when (ended is ObjectDisposedException or SocketException)
            {
                // The test is over.
            }
        }

        private async Task ServeAsync(Socket socket)
        {
            using (socket)
            {
                var buffer = new byte[1024];
                for (var answers = 0; ; answers++)
                {
                    if (answers < _afterAnswers || answers == 0)
                    {
                        if (await socket.ReceiveAsync(buffer) == 0)
                        {
                            return;
                        }
                    }
                    if (answers >= _afterAnswers)
                    {
                        return;
                    }
                    await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());
                }
            }
        }
    }
}
