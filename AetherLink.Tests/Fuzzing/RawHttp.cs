using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace AetherLink.Tests.Fuzzing;

/// <param name="Status">The status; 0 where the connection ended without an answer.</param>
/// <param name="Headers">By name; of several the last.</param>
/// <param name="Body">As text; empty for a stream, of which only the head is read.</param>
/// <param name="Fault">Why there is no whole answer.</param>
internal sealed record FuzzAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body, string? Fault = null)
{
    public static FuzzAnswer Failed(string fault) => new(0, new Dictionary<string, string>(), "", fault);

    public string ContentType => Headers.GetValueOrDefault("content-type", "").Split(';')[0];
}

/// <summary>HTTP by hand: what a client library would refuse to send can be sent.</summary>
internal static class RawHttp
{
    private const int LargestAnswer = 64 * 1024 * 1024;

    public static async Task<FuzzAnswer> SendAsync(Uri address, byte[] wire, bool isHead, bool isCutOff, TimeSpan deadline)
    {
        using var patience = new CancellationTokenSource(deadline);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, patience.Token);
            await using var stream = new NetworkStream(socket);
            var writing = WriteAsync(stream, socket, wire, isCutOff, patience.Token);
            var answer = await ReadAsync(stream, isHead, patience.Token);
            socket.Close();
            await writing;
            return answer;
        }
        catch (OperationCanceledException)
        {
            return FuzzAnswer.Failed($"no answer within {deadline.TotalSeconds:0} s");
        }
        catch (Exception exception) when (exception is FormatException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            return FuzzAnswer.Failed($"an answer that is no HTTP, or ends within: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            return FuzzAnswer.Failed($"closed without an answer: {exception.Message}");
        }
    }

    /// <summary>All of it, and the end of what this side says where more would be awaited. A server may answer and close before it has read all.</summary>
    private static async Task WriteAsync(NetworkStream stream, Socket socket, byte[] wire, bool isCutOff, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(wire, cancellationToken);
            if (isCutOff)
            {
                socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // The answer, or its absence, says what there is to say.
        }
    }

    private static async Task<FuzzAnswer> ReadAsync(NetworkStream stream, bool isHead, CancellationToken cancellationToken)
    {
        using var reader = new BufferedStream(stream, 32 * 1024);
        while (true)
        {
            var first = await LineAsync(reader, cancellationToken);
            if (first.Length == 0)
            {
                return FuzzAnswer.Failed("closed without an answer");
            }

            var status = int.Parse(first.Split(' ')[1], CultureInfo.InvariantCulture);
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            for (var line = await LineAsync(reader, cancellationToken); line.Length > 0; line = await LineAsync(reader, cancellationToken))
            {
                headers[line[..line.IndexOf(':', StringComparison.Ordinal)]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
            }

            if (status is >= 200 or 101)
            {
                var answer = new FuzzAnswer(status, headers, "");
                return isHead || status is 101 or 204 or 304 || answer.ContentType == "text/event-stream"
                    ? answer
                    : answer with { Body = Encoding.UTF8.GetString(await BodyAsync(reader, headers, cancellationToken)) };
            }
        }
    }

    private static async Task<byte[]> BodyAsync(BufferedStream reader, Dictionary<string, string> headers, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        if (headers.TryGetValue("content-length", out var length))
        {
            await CopyAsync(reader, body, int.Parse(length, CultureInfo.InvariantCulture), cancellationToken);
        }
        else if (headers.GetValueOrDefault("transfer-encoding") == "chunked")
        {
            while (int.Parse(await LineAsync(reader, cancellationToken), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var size)
            {
                await CopyAsync(reader, body, size, cancellationToken);
                await LineAsync(reader, cancellationToken);
            }
        }
        else
        {
            await reader.CopyToAsync(body, cancellationToken);
        }

        return body.ToArray();
    }

    private static async Task CopyAsync(BufferedStream from, MemoryStream to, int count, CancellationToken cancellationToken)
    {
        if (count + to.Length > LargestAnswer)
        {
            throw new IOException($"An answer of more than {LargestAnswer} bytes.");
        }

        var buffer = new byte[count];
        await from.ReadExactlyAsync(buffer, cancellationToken);
        to.Write(buffer);
    }

    private static async Task<string> LineAsync(BufferedStream reader, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var letter = new byte[1];
        while (await reader.ReadAsync(letter, cancellationToken) == 1 && letter[0] != '\n')
        {
            line.Append((char)letter[0]);
        }

        return line.ToString().TrimEnd('\r');
    }
}
