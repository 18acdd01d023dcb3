using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Querying;

namespace AetherLink.CommandCenter.Deliveries.Bodies;

/// <summary>The body that an endpoint of a kind is sent.</summary>
internal static class Body
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static byte[] Of(EndpointKind kind, StoredEvent stored, int folded) => Written(writer =>
    {
        switch (kind)
        {
            case EndpointKind.Slack:
                SlackBody.Write(writer, Notice.Of(stored, folded));
                break;
            case EndpointKind.Teams:
                TeamsBody.Write(writer, Notice.Of(stored, folded));
                break;
            case EndpointKind.Discord:
                DiscordBody.Write(writer, Notice.Of(stored, folded));
                break;
            default:
                WriteStandard(writer, stored, folded);
                break;
        }
    });

    /// <summary>As Standard Webhooks recommends: type, timestamp, data. The data is the event as every reader of events gets it.</summary>
    private static void WriteStandard(Utf8JsonWriter writer, StoredEvent stored, int folded)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, stored.EventType);
        writer.WriteString("timestamp"u8, stored.Timestamp.UtcDateTime);
        writer.WritePropertyName("data"u8);
        JsonSerializer.Serialize(writer, stored, EventsJson.Wire.StoredEvent);
        writer.WriteNumber("folded"u8, folded);
        writer.WriteEndObject();
    }

    private static byte[] Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            write(writer);
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Cut to a product's limit, never within a character.</summary>
    public static string Cut(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }
        var end = most - 1;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), "…");
    }

    /// <summary>Puts a backslash before what would be taken for formatting, or for a link.</summary>
    public static string Plain(string text, string special) =>
        text.AsSpan().IndexOfAny(special) < 0 ? text : string.Concat(text.Select(letter => special.Contains(letter) ? $"\\{letter}" : letter.ToString()));
}
