using System.Text.RegularExpressions;
using AetherLink.Orchestrator.Intents;

namespace AetherLink.Orchestrator.Local;

/// <summary>Weighs what speaks for each intent; the confidence is the logistic of the difference.</summary>
internal static partial class IntentClassifying
{
    // A difference of 3, such as an address and a telephone number without anything against it, is then a confidence of 0.9.
    private const double Slope = 0.75;

    public static ChosenIntent Classify(string raw)
    {
        var text = MessageText.Of(raw).Text;
        var difference = ForLead(text) - ForSummary(text, Sentences.Split(raw).Count);
        var intent = difference >= 0 ? BuiltIn.ExtractLead : BuiltIn.SummarizeActivity;
        return new(intent, Math.Round(1 / (1 + Math.Exp(-Slope * Math.Abs(difference))), 3));
    }

    private static double ForLead(string text)
    {
        var score = 0.0;
        if (Emails.Find(text).Count > 0) score += 1.5;
        if (Phones.Best(text) is not null) score += 1.5;
        if (Introduction().IsMatch(text)) score += 2;
        if (Wish().IsMatch(text)) score += 1.5;
        return score;
    }

    private static double ForSummary(string text, int sentences)
    {
        var score = Math.Min(3, sentences / 6.0);
        score += Math.Min(3, 0.75 * Turn().Count(text));
        score += Math.Min(2, 0.4 * Happened().Count(text));
        if (Asked().IsMatch(text)) score += 2.5;
        return score;
    }

    [GeneratedRegex(
        @"\b(?:my name is|i'?m \p{L}+ (?:\p{L}+ )?(?:from|at|with)|i am \p{L}+ (?:\p{L}+ )?(?:from|at|with)|" +
        @"this is \p{L}+ (?:\p{L}+ )?(?:from|at|with)|mein name ist|je m'appelle|me llamo|we are a|i run|" +
        @"i work (?:at|for))\b", RegexOptions.IgnoreCase)]
    private static partial Regex Introduction();

    [GeneratedRegex(
        @"\b(?:interested in|looking for|would like|i'd like|quote|pricing|demo|trial|get in touch|contact me|" +
        @"call me|reach me|sign up|more information|learn more)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Wish();

    [GeneratedRegex(@"^\s*(?:[-*•]\s|\[?\d{1,2}:\d{2}|\[?\d{4}-\d\d-\d\d|\p{Lu}[\p{L} ]{1,20}:\s)", RegexOptions.Multiline)]
    private static partial Regex Turn();

    [GeneratedRegex(
        @"\b(?:called|met|discussed|agreed|sent|replied|reviewed|decided|escalated|updated|moved|scheduled|" +
        @"completed|shipped|resolved|opened|closed|assigned|mentioned|asked)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Happened();

    [GeneratedRegex(@"\b(?:summari[sz]e|summary|tl;?dr|recap|minutes|transcript|meeting notes|call notes|activity log)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Asked();
}
