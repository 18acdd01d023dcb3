using System.Net;
using System.Net.Sockets;

namespace AetherLink.LoadGenerator.Http;

/// <summary>What is told of an answer: its status, and its body as it came (with the sizes of its chunks).</summary>
internal delegate void Answered(HttpConnection connection, int status, ReadOnlySpan<byte> body);

/// <summary>
/// One keep-alive connection with one request under way. It is lean, because the generator shares two cores with the server:
/// a request is one system call, and its answer is read where the socket's event is handled.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket _socket;
    private byte[] _buffer = new byte[16 * 1024];
    private int _closed;

    private HttpConnection(Socket socket) => _socket = socket;

    /// <summary>Which request is under way, and when it was due. Whoever sends sets them.</summary>
    public long Number { get; set; }

    public long DueAt { get; set; }

    /// <summary>Whoever sends keeps it: whether a request is under way, as far as it knows.</summary>
    public bool IsBusy { get; set; }

    /// <summary>It has answered before, and nothing of another answer has come.</summary>
    public bool WasKeptAlive { get; private set; }

    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    public Answered OnAnswer { get; set; } = static (_, _, _) => { };

    public Action<HttpConnection> OnBroken { get; set; } = static _ => { };

    public static async Task<HttpConnection> ConnectAsync(IPEndPoint server, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellationToken);
        var connection = new HttpConnection(socket);
        _ = connection.ReceiveAsync();
        return connection;
    }

    public static async Task<HttpConnection[]> ConnectAsync(IPEndPoint server, int count, CancellationToken cancellationToken)
    {
        var connections = new HttpConnection[count];
        for (var index = 0; index < count; index++)
        {
            connections[index] = await ConnectAsync(server, cancellationToken);
        }
        return connections;
    }

    public void Send(ReadOnlyMemory<byte> request)
    {
        try
        {
            for (var rest = request.Span; rest.Length > 0;)
            {
                rest = rest[_socket.Send(rest)..];
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            Break();
        }
    }

    public void Dispose()
    {
        Interlocked.Exchange(ref _closed, 1);
        _socket.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var filled = 0;
        try
        {
            while (true)
            {
                if (filled == _buffer.Length)
                {
                    Array.Resize(ref _buffer, 2 * _buffer.Length);
                }
                var read = await _socket.ReceiveAsync(_buffer.AsMemory(filled), SocketFlags.None);
                if (read == 0)
                {
                    break;
                }
                filled += read;
                WasKeptAlive = false;
                if (ResponseParser.TryParse(_buffer.AsSpan(0, filled), out var head, out var total, out var status))
                {
                    filled = 0;
                    WasKeptAlive = true;
                    OnAnswer(this, status, _buffer.AsSpan(head, total - head));
                }
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Told below, unless it was us who closed it.
        }
        Break();
    }

    private void Break()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            _socket.Dispose();
            OnBroken(this);
        }
    }
}
