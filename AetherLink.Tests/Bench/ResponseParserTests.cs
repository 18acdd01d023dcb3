using System.Text;
using AetherLink.LoadGenerator.Http;

namespace AetherLink.Tests.Bench;

public sealed class ResponseParserTests
{
    private const string ByLength = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\nbody";
    private const string ByChunks = "HTTP/1.1 503 Service Unavailable\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\nA\r\n0123456789\r\n0\r\n\r\n";

    [Theory]
    [InlineData(ByLength, 200)]
    [InlineData(ByChunks, 503)]
    [InlineData("HTTP/1.1 204 No Content\r\nDate: now\r\n\r\n", 204)]
    public void Response_ends_with_its_last_byte_and_not_before(string response, int expected)
    {
        var bytes = Encoding.ASCII.GetBytes(response);

        Assert.True(ResponseParser.TryParse(bytes, out var head, out var total, out var status));
        Assert.Equal((expected, bytes.Length), (status, total));
        Assert.Equal(response.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4, head);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.False(ResponseParser.TryParse(bytes.AsSpan(0, length), out _, out _, out _));
        }
    }
}
