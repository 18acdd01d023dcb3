using System.Globalization;
using System.Text;

namespace AetherLink.Tests.Fuzzing;

/// <summary>How a body is put on the wire; below <see cref="Chunked"/> it is right.</summary>
internal enum Framing
{
    None,
    Length,
    Chunked,
    LengthTooLong,
    LengthTooShort,
    LengthNegative,
    LengthTwice,
    LengthAndChunks,
    ChunksBroken,
    ChunksUnfinished,
    NoLength,
}

/// <summary>A request down to its bytes. Texts hold one byte in each character.</summary>
/// <param name="Number">Its place in the run: with the seed it is all that is needed to make it again.</param>
/// <param name="Operation">What it aims at.</param>
/// <param name="Method">The method sent.</param>
/// <param name="Target">Path and query, as sent.</param>
/// <param name="Headers">All but the framing's.</param>
/// <param name="Body">The body, before its framing.</param>
/// <param name="Framing">How the body is sent.</param>
/// <param name="Roles">At most these roles are granted to the credentials sent.</param>
/// <param name="Malformed">Why it is no HTTP that a server must hand to the application; null where it is.</param>
internal sealed record FuzzRequest(
    int Number, Operation Operation, string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body,
    Framing Framing, IReadOnlyCollection<string> Roles, string? Malformed)
{
    /// <summary>A body that is longer is shortened in a printed command; the seed makes it whole.</summary>
    private const int LongestPrinted = 2_000;

    /// <summary>The bytes, for an authority; a <c>{name}</c> in a header or the target stands for what the mesh has given out.</summary>
    public byte[] Wire(string authority, IReadOnlyDictionary<string, string> given)
    {
        var head = new StringBuilder($"{Method} {Planted.Resolved(Target, given)} HTTP/1.1\r\n");
        if (!Headers.Any(header => header.Name == "Host"))
        {
            head.Append(CultureInfo.InvariantCulture, $"Host: {authority}\r\n");
        }

        foreach (var (name, value) in Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {given.GetValueOrDefault(value, value)}\r\n");
        }

        foreach (var framing in FramingHeaders())
        {
            head.Append(framing).Append("\r\n");
        }

        head.Append("\r\n");
        return [.. Encoding.Latin1.GetBytes(head.ToString()), .. FramedBody()];
    }

    /// <summary>Whether the server waits for more than is sent.</summary>
    public bool IsCutOff => Framing is Framing.LengthTooLong or Framing.ChunksUnfinished or Framing.ChunksBroken or Framing.LengthTwice;

    /// <summary>The same as a command of a shell; what the mesh has given out keeps its placeholder.</summary>
    public string Curl(string authority)
    {
        if (Framing > Framing.Chunked || Malformed is not null)
        {
            var wire = Wire(authority, new Dictionary<string, string>());
            return wire.Length > 2 * LongestPrinted
                ? $"({wire.Length} bytes that are no plain request; the seed makes them again)"
                : $"base64 -d <<< {Convert.ToBase64String(wire)} | nc {authority.Replace(':', ' ')}";
        }

        var command = new StringBuilder($"curl -i -g --path-as-is -X {Quoted(Method)} {Quoted($"http://{authority}{Shown(Target)}")}");
        foreach (var (name, value) in Headers)
        {
            command.Append(" -H ").Append(Quoted($"{name}: {Shown(value)}"));
        }

        if (Framing is not Framing.None)
        {
            command.Append(Framing is Framing.Chunked ? " -H 'Transfer-Encoding: chunked'" : "").Append(" --data-binary ").Append(
                Body.Length > LongestPrinted ? $"@({Body.Length} bytes; the seed makes them again)"
                : Body.All(letter => letter is >= 0x20 and < 0x7F) ? Quoted(Encoding.Latin1.GetString(Body))
                : $"@<(base64 -d <<< {Convert.ToBase64String(Body)})");
        }

        return command.ToString();
    }

    private IEnumerable<string> FramingHeaders() => Framing switch
    {
        Framing.Length => [$"Content-Length: {Body.Length}"],
        Framing.Chunked or Framing.ChunksBroken or Framing.ChunksUnfinished => ["Transfer-Encoding: chunked"],
        Framing.LengthTooLong => [$"Content-Length: {Body.Length + 17}"],
        Framing.LengthTooShort => [$"Content-Length: {Body.Length / 2}"],
        Framing.LengthNegative => ["Content-Length: -1"],
        Framing.LengthTwice => [$"Content-Length: {Body.Length}", $"Content-Length: {Body.Length + 1}"],
        Framing.LengthAndChunks => [$"Content-Length: {Body.Length}", "Transfer-Encoding: chunked"],
        _ => [],
    };

    private byte[] FramedBody() => Framing switch
    {
        Framing.None => [],
        Framing.Chunked or Framing.LengthAndChunks => [.. Chunks(), .. "0\r\n\r\n"u8],
        Framing.ChunksUnfinished => Chunks(),
        Framing.ChunksBroken => [.. "zz\r\n"u8, .. Body],
        _ => Body,
    };

    private byte[] Chunks()
    {
        var chunks = new MemoryStream();
        foreach (var chunk in Body.Chunk(Math.Max(1, (Body.Length / 3) + 1)))
        {
            chunks.Write(Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n"));
            chunks.Write(chunk);
            chunks.Write("\r\n"u8);
        }

        return chunks.ToArray();
    }

    private static string Shown(string text) => text.Length <= LongestPrinted ? text : $"{text[..100]}({text.Length} characters; the seed makes them again)";

    private static string Quoted(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
