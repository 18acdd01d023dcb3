using System.Text.Json;
using AetherLink.CommandCenter.Events;

namespace AetherLink.CommandCenter.Deliveries.Bodies;

/// <summary>Execute Webhook of Discord: one embed, and nobody is mentioned by it, whatever the texts say.</summary>
internal static class DiscordBody
{
    // Discord's limits: 256 for a title, 4,096 for a description, 25 fields of 1,024; 6,000 in all.
    private const int TitleLength = 200;
    private const int TextLength = 1_200;
    private const int FieldLength = 200;

    private const string Markdown = "\\*_~`>|[]#-";

    public static void Write(Utf8JsonWriter writer, Notice notice)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("allowed_mentions"u8);
        writer.WriteStartArray("parse"u8);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteStartArray("embeds"u8);
        writer.WriteStartObject();
        writer.WriteString("title"u8, Body.Cut(Body.Plain(notice.Title, Markdown), TitleLength));
        writer.WriteString("description"u8, Body.Cut(Body.Plain(notice.Text, Markdown), TextLength));
        writer.WriteNumber("color"u8, Colour(notice));
        writer.WriteString("timestamp"u8, notice.At.UtcDateTime);
        writer.WriteStartArray("fields"u8);
        foreach (var (name, value) in notice.Facts)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, name);
            writer.WriteString("value"u8, Body.Cut(Body.Plain(value, Markdown), FieldLength));
            writer.WriteBoolean("inline"u8, true);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static int Colour(Notice notice) => notice switch
    {
        { IsGoodNews: true } => 0x2e_a0_43,
        { Severity: Severity.Info } => 0x58_65_f2,
        { Severity: Severity.Warning } => 0xd2_99_22,
        _ => 0xda_36_33,
    };
}
