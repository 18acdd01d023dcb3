using System.Buffers.Text;

namespace AetherLink.LoadGenerator.Http;

/// <summary>Where a response ends, and what it says. Bodies by length and by chunks; nothing else comes from Kestrel, or Node, here.</summary>
internal static class ResponseParser
{
    /// <summary>False while more bytes are needed.</summary>
    /// <param name="bytes">What has come, from the first byte of the response.</param>
    /// <param name="head">The length of the head, with the empty line.</param>
    /// <param name="total">The length of the whole response.</param>
    /// <param name="status">The status code.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out int head, out int total, out int status)
    {
        (total, status) = (0, 0);
        head = bytes.IndexOf("\r\n\r\n"u8) + 4;
        if (head < 4)
        {
            return false;
        }
        _ = Utf8Parser.TryParse(bytes[9..], out status, out _);
        var fields = bytes[..head];
        if (Find(fields, "\r\nTransfer-Encoding: chunked\r\n"u8, "\r\ntransfer-encoding: chunked\r\n"u8) >= 0)
        {
            return TryFindLastChunk(bytes, head, out total);
        }
        var length = Find(fields, "\r\nContent-Length: "u8, "\r\ncontent-length: "u8);
        var content = 0;
        if (length >= 0)
        {
            _ = Utf8Parser.TryParse(fields[(length + 18)..], out content, out _);
        }
        total = head + content;
        return bytes.Length >= total;
    }

    /// <summary>As Kestrel writes it, or as Node does.</summary>
    private static int Find(ReadOnlySpan<byte> fields, ReadOnlySpan<byte> field, ReadOnlySpan<byte> inLowerCase) =>
        fields.IndexOf(field) is >= 0 and var at ? at : fields.IndexOf(inLowerCase);

    private static bool TryFindLastChunk(ReadOnlySpan<byte> bytes, int at, out int total)
    {
        total = 0;
        while (true)
        {
            var rest = bytes[at..];
            var line = rest.IndexOf("\r\n"u8);
            if (line < 0 || !Utf8Parser.TryParse(rest, out int size, out _, 'x'))
            {
                return false;
            }
            at += line + 2 + size + 2;
            if (at > bytes.Length)
            {
                return false;
            }
            if (size == 0)
            {
                total = at;
                return true;
            }
        }
    }
}
