using System.Text.RegularExpressions;

namespace AetherLink.Orchestrator.Local;

internal sealed record FoundEmail(string Address, int At, double Score)
{
    public string Mailbox => Address[..Address.IndexOf('@', StringComparison.Ordinal)];

    public string Domain => Address[(Address.IndexOf('@', StringComparison.Ordinal) + 1)..];

    public bool IsShared => Words.SharedMailboxes.Contains(Mailbox);
}

/// <summary>E-mail addresses, and which of several is the sender's own.</summary>
internal static partial class Emails
{
    // How far back the words stand that say whose an address is.
    private const int Context = 60;

    /// <summary>Best first; equals stay in the order of the text.</summary>
    public static IReadOnlyList<FoundEmail> Find(string text) =>
    [
        .. Address().Matches(text)
            .Select(m => new FoundEmail(m.Value, m.Index, Score(text, m)))
            .GroupBy(e => e.Address, StringComparer.OrdinalIgnoreCase)
            .Select(g => g.First() with { Score = g.Max(e => e.Score) + (0.5 * (g.Count() - 1)) })
            .OrderByDescending(e => e.Score).ThenBy(e => e.At),
    ];

    private static double Score(string text, Match m)
    {
        var lineStart = text.LastIndexOf('\n', Math.Max(0, m.Index - 1)) + 1;
        var line = text[lineStart..m.Index];
        var before = text[Math.Max(0, m.Index - Context)..m.Index];
        var score = 0.0;
        if (Words.SharedMailboxes.Contains(m.Value[..m.Value.IndexOf('@', StringComparison.Ordinal)])) score -= 4;
        if (FromHeader().IsMatch(line)) score += 6;
        if (ToHeader().IsMatch(line)) score -= 6;
        if (Mine().IsMatch(before)) score += 4;
        if (Label().IsMatch(line)) score += 2;
        if (NotThis().IsMatch(before)) score -= 8;
        if (Others().IsMatch(before)) score -= 3;
        return score;
    }

    [GeneratedRegex(@"(?<![\w.%+'-])[\w][\w.%+'-]{0,63}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,6}\p{L}{2,24}(?![\p{L}\p{N}@])")]
    private static partial Regex Address();

    [GeneratedRegex(@"^\s*(?:from|von|de|reply-to)\s*:", RegexOptions.IgnoreCase)]
    private static partial Regex FromHeader();

    [GeneratedRegex(@"^\s*(?:to|cc|bcc|an|à|para)\s*:", RegexOptions.IgnoreCase)]
    private static partial Regex ToHeader();

    [GeneratedRegex(
        @"(?:\bmy\b.{0,25}(?:e-?mail|address|inbox).{0,12}|reach (?:me|out).{0,25}|(?:contact|e-?mail|write|ping|" +
        @"mail) me.{0,15}|reply to|(?:her|his|their) (?:e-?mail|address).{0,10}|I'm at)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Mine();

    [GeneratedRegex(@"(?:e-?mail|mail|courriel|correo|^\s*e)\s*[:=]\s*<?(?:mailto:)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Label();

    [GeneratedRegex(@"(?:\bnot\b|\bold\b|\bdon'?t use\b|\bno longer\b|\binstead of\b|\bformer\b)[^.@\n]{0,40}$", RegexOptions.IgnoreCase)]
    private static partial Regex NotThis();

    [GeneratedRegex(
        @"(?:\bcc(?:'?ing|'?d)?\b|\bcopy(?:ing)?\b|\bloop(?:ing)? in\b|\bcolleague\b|\bassistant\b|\bintroduc(?:e|" +
        @"ing)\b|\bi (?:wrote|emailed|sent|contacted)\b|\bwriting to\b|\byour\b)[^@\n]{0,40}$", RegexOptions.IgnoreCase)]
    private static partial Regex Others();
}
