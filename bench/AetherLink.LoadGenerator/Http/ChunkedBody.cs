using System.Buffers.Text;

namespace AetherLink.LoadGenerator.Http;

/// <summary>A body of JSON as it came, and without the sizes of its chunks.</summary>
internal static class ChunkedBody
{
    /// <summary>A size is hexadecimal, which no object and no list begins with.</summary>
    public static ReadOnlyMemory<byte> Whole(ReadOnlySpan<byte> body)
    {
        if (body.Length == 0 || body[0] is (byte)'{' or (byte)'[')
        {
            return body.ToArray();
        }
        var (whole, length) = (new byte[body.Length], 0);
        while (Utf8Parser.TryParse(body, out int size, out var digits, 'x') && size > 0)
        {
            body.Slice(digits + 2, size).CopyTo(whole.AsSpan(length));
            length += size;
            body = body[(digits + 2 + size + 2)..];
        }
        return whole.AsMemory(0, length);
    }
}
