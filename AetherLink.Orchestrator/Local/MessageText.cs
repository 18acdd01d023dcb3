using System.Text;
using System.Text.RegularExpressions;

namespace AetherLink.Orchestrator.Local;

/// <summary>A message as its lines: one kind of line end, no invisible characters, what was quoted from others apart.</summary>
internal sealed partial class MessageText
{
    private MessageText(string text)
    {
        Text = text;
        Lines = text.Split('\n').Select(l => l.Trim()).ToArray();
    }

    public string Text { get; }

    public IReadOnlyList<string> Lines { get; }

    public static MessageText Of(string raw)
    {
        var text = new StringBuilder(raw.Length);
        foreach (var c in raw.ReplaceLineEndings("\n"))
        {
            switch (c)
            {
                case '\u00a0' or '\u202f' or '\u2009' or '\t': text.Append(' '); break;
                case '\u200b' or '\u200c' or '\u200d' or '\ufeff' or '\u00ad' or '*' or '`': break;
                case '\u2019' or '\u2018': text.Append('\''); break;
                case '\u2010' or '\u2011' or '\u2012': text.Append('-'); break;
                default: text.Append(c); break;
            }
        }
        var own = WithoutQuotes(text.ToString());
        return new(Obfuscated().Replace(own, m => m.Groups["at"].Success ? "@" : "."));
    }

    /// <summary>The text without what it quotes, unless there is nothing else.</summary>
    private static string WithoutQuotes(string text)
    {
        var lines = text.Split('\n').ToList();
        var reply = lines.FindIndex(l => Reply().IsMatch(l));
        if (reply > 0 && lines.Take(reply).Any(l => l.Trim().Length > 0)) lines = lines[..reply];
        var own = lines.Where(l => !l.TrimStart().StartsWith('>')).ToList();
        return own.Any(l => l.Trim().Length > 0) ? string.Join('\n', own) : string.Join('\n', lines.Select(l => l.TrimStart('>', ' ')));
    }

    // jane [at] acme (dot) com
    [GeneratedRegex(@"\s*(?:(?<at>[\[\(\{]\s*at\s*[\]\)\}])|(?:[\[\(\{]\s*dot\s*[\]\)\}]))\s*", RegexOptions.IgnoreCase)]
    private static partial Regex Obfuscated();

    // On Tue, 3 Mar 2026 at 10:12, Bob wrote:   |   -----Original Message-----
    [GeneratedRegex(
        @"^\s*(?:On .{5,120} wrote:|Am .{5,120} schrieb.{0,80}:|Le .{5,120} a écrit\s?:|" +
        @"-{2,}\s*(?:Original Message|Ursprüngliche Nachricht)\s*-{2,})\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Reply();
}
