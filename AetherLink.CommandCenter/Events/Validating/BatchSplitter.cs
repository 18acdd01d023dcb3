using System.Text.Json;

namespace AetherLink.CommandCenter.Events.Validating;

/// <summary>One event of a batch, not yet read.</summary>
/// <param name="Json">Its bytes.</param>
/// <param name="Line">The line it stands on, from 1; null in an array.</param>
internal readonly record struct BatchPart(ReadOnlyMemory<byte> Json, int? Line);

/// <summary>Finds the events in the body of a batch, without reading them. It stops when there are more than may be.</summary>
internal static class BatchSplitter
{
    /// <summary>
    /// An event that is nested too deeply is refused alone, and as it would be outside of a batch: so the array may be as deep
    /// as its bytes allow, which costs a bit for each.
    /// </summary>
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = EventLimits.BatchBytes };

    /// <summary>One event a line; empty lines are passed over, and counted.</summary>
    /// <returns>At most one more than <paramref name="most"/>.</returns>
    public static List<BatchPart> Lines(ReadOnlyMemory<byte> body, int most)
    {
        var parts = new List<BatchPart>();
        var number = 0;
        for (var rest = body; rest.Length > 0 && parts.Count <= most;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            number++;
            if (line.Span.ContainsAnyExcept(" \t\r"u8))
            {
                parts.Add(new(line, number));
            }
        }
        return parts;
    }

    /// <summary>The elements of a JSON array.</summary>
    /// <returns>At most one more than <paramref name="most"/>.</returns>
    /// <exception cref="JsonException">The body is not a JSON array.</exception>
    public static List<BatchPart> Elements(ReadOnlyMemory<byte> body, int most)
    {
        var reader = new Utf8JsonReader(body.Span, AnyDepth);
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartArray)
        {
            throw new JsonException("The body must be an array of events.");
        }
        var parts = new List<BatchPart>();
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            if (parts.Count == most)
            {
                parts.Add(default);
                return parts;
            }
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            parts.Add(new(body[start..(int)reader.BytesConsumed], null));
        }
        // What follows the array must be nothing, and the reader says so.
        while (reader.Read())
        {
        }
        return parts;
    }
}
