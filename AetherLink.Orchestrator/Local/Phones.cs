using System.Text.RegularExpressions;

namespace AetherLink.Orchestrator.Local;

/// <summary>Telephone numbers, as written. Digits that are dates, amounts or orders are none.</summary>
internal static partial class Phones
{
    // ITU-T E.164: at most 15 digits; fewer than 7 are an extension or something else.
    private const int MinDigits = 7;
    private const int MaxDigits = 15;

    private const int Context = 28;

    public static string? Best(string text) => Candidate().Matches(text)
        .Select((m, i) => (Number: Clean(m.Value), Score: Score(text, m), Index: i))
        .Where(c => c.Score > 0)
        .OrderByDescending(c => c.Score).ThenBy(c => c.Index)
        .Select(c => c.Number)
        .FirstOrDefault();

    private static double Score(string text, Match m)
    {
        var value = m.Groups["number"].Value;
        var digits = value.Count(char.IsAsciiDigit);
        if (digits is < MinDigits or > MaxDigits) return 0;
        if (Date().IsMatch(value) || Address().IsMatch(value)) return 0;
        var before = text[Math.Max(0, m.Index - Context)..m.Index];
        before = before[(before.LastIndexOf('\n') + 1)..];
        if (NotPhone().IsMatch(before)) return 0;

        var score = 0.0;
        if (value.StartsWith('+') || value.StartsWith("00", StringComparison.Ordinal)) score += 4;
        if (value.StartsWith('(')) score += 3;
        if (value.StartsWith('0') || Grouped().IsMatch(value)) score += 2;
        if (Label().IsMatch(before)) score += 5;
        if (Mobile().IsMatch(before)) score += 1;
        if (Fax().IsMatch(before)) score -= 6;
        if (Theirs().IsMatch(before)) score -= 4;
        return score;
    }

    private static string Clean(string number) => Blanks().Replace(number, " ").Trim().TrimEnd('.', ',', '-', '/');

    [GeneratedRegex(
        @"(?<![\p{L}\p{N}@#_.\-/])(?<number>(?:\+|\()?\(?\+?\d[\d \t().\-/]{5,24}\d)(?:\s{0,2}(?:,\s?)?(?:ext\.?|x|" +
        @"extension|durchwahl|poste)\s?\.?\s?\d{1,6})?(?![\p{L}\p{N}@])", RegexOptions.IgnoreCase)]
    private static partial Regex Candidate();

    // 2026-11-21, 21.11.2026, 11/21/2026, 2026-11-21 10, and ranges of years
    [GeneratedRegex(
        @"^(?:(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}\b.*|\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d\b.*|(?:19|" +
        @"20)\d\d\s?[-/]\s?(?:19|20)\d\d)$")]
    private static partial Regex Date();

    [GeneratedRegex(@"^\d{1,3}(?:\.\d{1,3}){3}$")]
    private static partial Regex Address();

    [GeneratedRegex(
        @"(?:[$€£¥#]\s*|\b(?:usd|eur|gbp|order|invoice|ticket|case|ref|reference|account|acct|vat|iban|id|po|no|nr|" +
        @"number of|version|isbn|sku|tracking|zip|plz|hrb|siret|card)\b[\s.:#\-no]{0,6})$", RegexOptions.IgnoreCase)]
    private static partial Regex NotPhone();

    [GeneratedRegex(@"\d[ .\-/)]+\d{2,}[ .\-/]+\d{2,}")]
    private static partial Regex Grouped();

    [GeneratedRegex(
        @"(?:tel(?:efon|ephone|éfono|éphone)?|phone|mob(?:ile|il)?|cell|call(?: me)?|text|whatsapp|direct|handy|" +
        @"number|reach|ring|\b[tmpd])\b[^\n\d]{0,18}$", RegexOptions.IgnoreCase)]
    private static partial Regex Label();

    [GeneratedRegex(@"(?:mob(?:ile|il)?|cell|direct|whatsapp|handy|\bm\b)[^\n\d]{0,8}$", RegexOptions.IgnoreCase)]
    private static partial Regex Mobile();

    [GeneratedRegex(@"(?:fax|\bf\b\s*[:.])[^\n\d]{0,8}$", RegexOptions.IgnoreCase)]
    private static partial Regex Fax();

    [GeneratedRegex(@"(?:\byour\b|\bcalled you\b|\bold\b|\bnot\b|\breception\b|\bswitchboard\b)[^\n\d]{0,18}$", RegexOptions.IgnoreCase)]
    private static partial Regex Theirs();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
