using System.Collections.Frozen;
using System.Text.RegularExpressions;
using AetherLink.Orchestrator.Intents;

namespace AetherLink.Orchestrator.Local;

/// <summary>
/// An extractive summary by TextRank (R. Mihalcea, P. Tarau, "TextRank: Bringing Order into Texts", EMNLP 2004): sentences
/// recommend each other by the words they share; on top of it, a sentence that states a decision, a date or an amount counts
/// more. Everything it says, the text says.
/// </summary>
internal static partial class Summarising
{
    private const int SummarySentences = 3;
    private const int SummaryChars = 600;
    private const int KeyPoints = 5;
    private const int KeyPointChars = 200;

    /// <summary>The graph grows with the square: of a longer text, its two ends, where what it is about and what was agreed stand.</summary>
    private const int MaxSentences = 400;

    // As in the paper.
    private const double Damping = 0.85;
    private const double Precision = 1e-4;
    private const int MaxRounds = 50;

    private static readonly FrozenSet<string> StopWords = """
        a about after all also an and any are as at be because been before being but by can could did do does for from had has have he
        her here him his how i if in into is it its just like more most my no not now of on one only or other our out over said she
        should so some such than that the their them then there these they this those to too under up us very was we were what when
        where which while who will with would you your der die das und ist nicht ein eine einen mit von zu den dem des für auf im in
        wir ich sie er es auch an als bei nach wie aber oder hat haben wird werden sind le la les un une des et est pas pour dans que
        qui sur avec au aux du ce cette nous vous il elle el los las una y es no para en con por del se su lo como más
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static ActivitySummary Summarise(string raw)
    {
        var all = Sentences.Split(raw);
        var sentences = all.Count <= MaxSentences ? all : [.. all.Take(MaxSentences / 2), .. all.Skip(all.Count - (MaxSentences / 2))];
        sentences = [.. sentences.Where(s => !Pleasantry().IsMatch(s)).Distinct(StringComparer.OrdinalIgnoreCase)];
        if (sentences.Count == 0) return new(Clip(raw.Trim(), SummaryChars), []);

        var scores = Score(sentences);
        var ranked = Enumerable.Range(0, sentences.Count).OrderByDescending(i => scores[i]).ThenBy(i => i).ToList();
        // At most half of a text is its point.
        var points = ranked.Take(Math.Min(KeyPoints, (sentences.Count + 1) / 2)).Order().Select(i => Clip(sentences[i], KeyPointChars)).ToList();
        return new(Clip(Join(sentences, ranked), SummaryChars), points);
    }

    private static string Join(IReadOnlyList<string> sentences, List<int> ranked)
    {
        var chosen = new List<int>();
        var length = 0;
        foreach (var i in ranked.Take(SummarySentences))
        {
            if (chosen.Count > 0 && length + sentences[i].Length > SummaryChars) continue;
            chosen.Add(i);
            length += sentences[i].Length + 1;
        }
        return string.Join(' ', chosen.Order().Select(i => Stopped(sentences[i])));
    }

    private static string Stopped(string sentence) => char.IsLetterOrDigit(sentence[^1]) ? sentence + "." : sentence;

    private static double[] Score(IReadOnlyList<string> sentences)
    {
        var words = sentences.Select(s => Word().Matches(s).Select(m => m.Value.ToUpperInvariant())
            .Where(w => w.Length > 1 && !StopWords.Contains(w)).ToHashSet(StringComparer.Ordinal)).ToArray();
        var rank = Rank(words);
        var highest = rank.Max();
        return [.. sentences.Select((s, i) => (rank[i] / highest) + Weight(s, i, words[i].Count))];
    }

    private static double Weight(string sentence, int index, int words)
    {
        var weight = 0.0;
        if (Decision().IsMatch(sentence)) weight += 0.5;
        if (Figure().IsMatch(sentence)) weight += 0.25;
        if (index == 0) weight += 0.3;
        if (words < 3) weight -= 0.6;
        return weight;
    }

    private static double[] Rank(HashSet<string>[] words)
    {
        var n = words.Length;
        var links = new double[n, n];
        var sums = new double[n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
            {
                links[i, j] = links[j, i] = Similarity(words[i], words[j]);
                sums[i] += links[i, j];
                sums[j] += links[i, j];
            }
        }

        var rank = Enumerable.Repeat(1.0, n).ToArray();
        for (var round = 0; round < MaxRounds; round++)
        {
            var next = new double[n];
            for (var i = 0; i < n; i++)
            {
                var given = 0.0;
                for (var j = 0; j < n; j++)
                {
                    if (sums[j] > 0) given += links[j, i] / sums[j] * rank[j];
                }
                next[i] = 1 - Damping + (Damping * given);
            }
            var moved = next.Zip(rank, (a, b) => Math.Abs(a - b)).Max();
            rank = next;
            if (moved < Precision) break;
        }
        return rank;
    }

    private static double Similarity(HashSet<string> a, HashSet<string> b)
    {
        if (a.Count < 2 || b.Count < 2) return 0;
        var (small, large) = a.Count < b.Count ? (a, b) : (b, a);
        return small.Count(large.Contains) / (Math.Log(a.Count) + Math.Log(b.Count));
    }

    private static string Clip(string text, int max)
    {
        if (text.Length <= max) return text;
        var cut = text.LastIndexOf(' ', max - 2, max / 2);
        cut = cut > 0 ? cut : max - 1;
        if (char.IsHighSurrogate(text[cut - 1])) cut--;
        return text[..cut].TrimEnd(' ', ',', ';') + "…";
    }

    [GeneratedRegex(@"[\p{L}\p{N}]+(?:['\-][\p{L}\p{N}]+)*")]
    private static partial Regex Word();

    [GeneratedRegex(
        @"\b(?:agreed|decided|decision|approved|rejected|signed|will|must|need(?:s|ed)? to|next step|action|" +
        @"deadline|due|follow(?:ing)?[ -]up|committed|confirmed|escalat\w+|blocked|risk|urgent|cancel\w*|renew\w*|" +
        @"beschlossen|vereinbart|bestätigt|décidé|convenu|acordado)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Decision();

    [GeneratedRegex(
        @"[$€£]\s?\d|\d\s?(?:%|k\b|EUR|USD|€)|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}(?:st|nd|rd|th)\b|\b(?:January|February|" +
        @"March|April|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|" +
        @"Friday)\b|\b\d{2,}\b")]
    private static partial Regex Figure();

    [GeneratedRegex(
        @"^(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|bonjour|hola)\b.{0,40}|(?:thanks?|" +
        @"thank you|best|regards|kind regards|best regards|cheers|sincerely|viele grüße|cordialement|" +
        @"saludos)\b.{0,30}|sent from my .{0,30}|hope (?:you're|you are|this|all).{0,60})$", RegexOptions.IgnoreCase)]
    private static partial Regex Pleasantry();
}
