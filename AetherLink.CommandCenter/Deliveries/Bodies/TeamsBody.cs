using System.Text.Json;
using AetherLink.CommandCenter.Events;

namespace AetherLink.CommandCenter.Deliveries.Bodies;

/// <summary>A workflow of Teams ("when a webhook request is received"): a message with an Adaptive Card.</summary>
internal static class TeamsBody
{
    // A message may have 28 kB: these lengths stay below it in any script.
    private const int TitleLength = 200;
    private const int TextLength = 1_500;
    private const int FactLength = 200;

    private const string Markdown = "\\*_[]#`>-";

    public static void Write(Utf8JsonWriter writer, Notice notice)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "message"u8);
        writer.WriteStartArray("attachments"u8);
        writer.WriteStartObject();
        writer.WriteString("contentType"u8, "application/vnd.microsoft.card.adaptive"u8);
        writer.WriteNull("contentUrl"u8);
        writer.WriteStartObject("content"u8);
        writer.WriteString("$schema"u8, "http://adaptivecards.io/schemas/adaptive-card.json"u8);
        writer.WriteString("type"u8, "AdaptiveCard"u8);
        writer.WriteString("version"u8, "1.4"u8);
        writer.WriteStartArray("body"u8);

        writer.WriteStartObject();
        writer.WriteString("type"u8, "TextBlock"u8);
        writer.WriteString("size"u8, "Large"u8);
        writer.WriteString("weight"u8, "Bolder"u8);
        writer.WriteString("color"u8, Colour(notice));
        writer.WriteBoolean("wrap"u8, true);
        writer.WriteString("text"u8, Body.Plain(Body.Cut(notice.Title, TitleLength), Markdown));
        writer.WriteEndObject();

        writer.WriteStartObject();
        writer.WriteString("type"u8, "TextBlock"u8);
        writer.WriteBoolean("wrap"u8, true);
        writer.WriteString("text"u8, Body.Plain(Body.Cut(notice.Text, TextLength), Markdown));
        writer.WriteEndObject();

        writer.WriteStartObject();
        writer.WriteString("type"u8, "FactSet"u8);
        writer.WriteStartArray("facts"u8);
        foreach (var (name, value) in notice.Facts)
        {
            writer.WriteStartObject();
            writer.WriteString("title"u8, name);
            writer.WriteString("value"u8, Body.Plain(Body.Cut(value, FactLength), Markdown));
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string Colour(Notice notice) => notice switch
    {
        { IsGoodNews: true } => "Good",
        { Severity: Severity.Info } => "Default",
        { Severity: Severity.Warning } => "Warning",
        _ => "Attention",
    };
}
