using System.Text.Json;

namespace AetherLink.CommandCenter.Events.Validating;

/// <summary>Finds the events in the body of a batch, without reading them.</summary>
internal static class BatchSplitter
{
    /// <summary>One event a line; empty lines are passed over.</summary>
    public static List<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> body)
    {
        var parts = new List<ReadOnlyMemory<byte>>();
        for (var rest = body; rest.Length > 0;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.Span.ContainsAnyExcept(" \t\r"u8))
            {
                parts.Add(line);
            }
        }
        return parts;
    }

    /// <summary>The elements of a JSON array.</summary>
    /// <exception cref="JsonException">The body is not a JSON array.</exception>
    public static List<ReadOnlyMemory<byte>> Elements(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span);
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartArray)
        {
            throw new JsonException("The body must be an array of events.");
        }
        var parts = new List<ReadOnlyMemory<byte>>();
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            parts.Add(body[start..(int)reader.BytesConsumed]);
        }
        // What follows the array must be nothing, and the reader says so.
        while (reader.Read())
        {
        }
        return parts;
    }
}
