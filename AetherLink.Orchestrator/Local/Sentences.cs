using System.Text.RegularExpressions;

namespace AetherLink.Orchestrator.Local;

/// <summary>Cuts a text into sentences: at its lines, and within a line where a sentence ends and another begins.</summary>
internal static partial class Sentences
{
    public static IReadOnlyList<string> Split(string raw)
    {
        var sentences = new List<string>();
        foreach (var paragraph in Paragraphs(MessageText.Of(raw)))
        {
            var from = 0;
            foreach (Match m in Boundary().Matches(paragraph))
            {
                var end = m.Index + m.Groups["stop"].Length;
                if (Abbreviation().IsMatch(paragraph[from..end])) continue;
                Add(sentences, paragraph[from..end]);
                from = m.Index + m.Length;
            }
            Add(sentences, paragraph[from..]);
        }
        return sentences;
    }

    /// <summary>Lines that were only wrapped are one; list items, headings and turns of a talk stay apart.</summary>
    private static IEnumerable<string> Paragraphs(MessageText message)
    {
        var open = "";
        foreach (var line in message.Lines)
        {
            var starts = line.Length == 0 || Item().IsMatch(line) || Turn().IsMatch(line);
            if (open.Length > 0 && (starts || open[^1] is '.' or '!' or '?' or ':' or '…' || open.Length < 40 || char.IsUpper(line[0])))
            {
                yield return open;
                open = "";
            }
            var text = Item().Replace(line, "");
            open = open.Length == 0 ? text : $"{open} {text}";
        }
        if (open.Length > 0) yield return open;
    }

    private static void Add(List<string> sentences, string text)
    {
        var sentence = Blanks().Replace(text, " ").Trim();
        if (sentence.Any(char.IsLetter)) sentences.Add(sentence);
    }

    [GeneratedRegex(@"(?<stop>[.!?…]+[""'”)]?)\s+(?=[\p{Lu}\d""'“(])")]
    private static partial Regex Boundary();

    [GeneratedRegex(
        @"(?:\b(?:mr|mrs|ms|dr|prof|sr|jr|st|vs|etc|e\.g|i\.e|approx|no|nr|inc|ltd|corp|co|dept|ca|bzw|z\.b|u\.a|" +
        @"p\.m|a\.m)|\b\p{Lu})\.$", RegexOptions.IgnoreCase)]
    private static partial Regex Abbreviation();

    [GeneratedRegex(@"^(?:[-*•·–]\s+|\d{1,2}[.)]\s+|\[[ x]?\]\s+)", RegexOptions.IgnoreCase)]
    private static partial Regex Item();

    // [10:32] Bob: ...   |   2026-11-03 ...   |   Bob: ...
    [GeneratedRegex(@"^(?:\[?\d{1,2}:\d{2}|\[?\d{4}-\d\d-\d\d|\p{Lu}[\p{L} .]{1,24}:\s)")]
    private static partial Regex Turn();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
