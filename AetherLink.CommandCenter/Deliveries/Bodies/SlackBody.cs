using System.Text;
using System.Text.Json;

namespace AetherLink.CommandCenter.Deliveries.Bodies;

/// <summary>An incoming webhook of Slack: a text for the notification, and blocks for the channel.</summary>
internal static class SlackBody
{
    // Slack's limits: 150 for a header, 3,000 for a section's text, 2,000 for each of at most ten fields.
    private const int HeaderLength = 150;
    private const int TextLength = 2_500;
    private const int FieldLength = 400;

    public static void Write(Utf8JsonWriter writer, Notice notice)
    {
        writer.WriteStartObject();
        writer.WriteString("text"u8, Escaped(notice.Title, HeaderLength));
        writer.WriteStartArray("blocks"u8);

        writer.WriteStartObject();
        writer.WriteString("type"u8, "header"u8);
        // A plain text is shown as it is.
        WriteText(writer, "text", "plain_text", Body.Cut(notice.Title, HeaderLength));
        writer.WriteEndObject();

        writer.WriteStartObject();
        writer.WriteString("type"u8, "section"u8);
        WriteText(writer, "text", "mrkdwn", Escaped(notice.Text, TextLength));
        writer.WriteStartArray("fields"u8);
        foreach (var (name, value) in notice.Facts)
        {
            WriteText(writer, null, "mrkdwn", $"*{name}*\n{Escaped(value, FieldLength)}");
        }
        writer.WriteEndArray();
        writer.WriteEndObject();

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, string? name, string type, string text)
    {
        if (name is not null)
        {
            writer.WritePropertyName(name);
        }
        writer.WriteStartObject();
        writer.WriteString("type"u8, type);
        writer.WriteString("text"u8, text);
        writer.WriteEndObject();
    }

    /// <summary>
    /// The three that Slack has for control: without them a text cannot make a link, or call a whole channel. Slack counts them as they
    /// are written, so it is cut afterwards, and never within one.
    /// </summary>
    private static string Escaped(string text, int most)
    {
        var escaped = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var written = rune.Value switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", _ => rune.ToString() };
            if (escaped.Length + written.Length > most - 1)
            {
                return escaped.Append('…').ToString();
            }
            escaped.Append(written);
        }
        return escaped.ToString();
    }
}
