using System.Text;
using System.Text.RegularExpressions;

namespace AetherLink.CommandCenter.Failures.Answers;

/// <summary>
/// What an answer says, in words that can be looked for whoever wrote them: small letters, one space between two words and at both ends, names as
/// words (<c>INSUFFICIENT_QUOTA</c>, <c>insufficientQuota</c> and "insufficient quota" are the same), without addresses, tags, and what of it
/// only repeats what was sent.
/// </summary>
/// <param name="Codes">What is there for programs: names of errors, in the order in which they stand.</param>
/// <param name="All">The same, and what is there for people.</param>
/// <param name="IsPage">Somebody wrote it for a browser.</param>
internal sealed record AnswerText(string Codes, string All, bool IsPage)
{
    private static readonly AnswerText None = new(" ", " ", IsPage: false);

    public static AnswerText Of(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return None;
        }
        var trimmed = text.AsSpan().TrimStart();
        if (trimmed[0] is '{' or '[')
        {
            var (codes, said) = JsonWords.Read(text);
            return new(Plain(codes), Plain($"{codes} {said}"), IsPage: false);
        }
        if (trimmed.StartsWith("<"))
        {
            var code = string.Join(' ', XmlCode.Matches(text).Select(match => match.Groups[1].Value));
            return new(Plain(code), Plain(Tag.Replace(Unseen.Replace(text, " "), " ")), IsPage: Page.IsMatch(text));
        }
        // One word alone is a name: no_service, invalid_payload.
        var word = text.Trim();
        return new(word.Contains(' ', StringComparison.Ordinal) ? " " : Plain(word), Plain(text), Page.IsMatch(text));
    }

    /// <summary>One space around each word; names are taken apart.</summary>
    internal static string Plain(string text)
    {
        var bare = Address.Replace(text, " ");
        var plain = new StringBuilder(bare.Length + 16).Append(' ');
        for (var index = 0; index < bare.Length; index++)
        {
            var letter = bare[index];
            if (!char.IsLetterOrDigit(letter) && letter is not ('<' or '>' or '='))
            {
                Space(plain);
                continue;
            }
            if (IsNewWord(bare, index))
            {
                Space(plain);
            }
            plain.Append(char.ToLowerInvariant(letter));
        }
        Space(plain);
        return plain.ToString();
    }

    /// <summary>insufficientQuota, and AIPolicy; but not IDs.</summary>
    private static bool IsNewWord(string text, int index) => index > 0 && char.IsUpper(text[index]) && (char.IsLower(text[index - 1])
        || (char.IsUpper(text[index - 1]) && index + 2 < text.Length && char.IsLower(text[index + 1]) && char.IsLower(text[index + 2])));

    private static void Space(StringBuilder plain)
    {
        if (plain[^1] != ' ')
        {
            plain.Append(' ');
        }
    }

    private const RegexOptions Linear = RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    // A link to the page about rate limits is in the answers of those who ask for money, too.
    private static readonly Regex Address = new(@"https?://[^\s""'<>)]+", Linear);

    private static readonly Regex XmlCode = new("<(?:error)?(?:code|type|reason)>([^<]{1,100})<", Linear);

    private static readonly Regex Tag = new("<[^>]*>|&[a-z]{1,8};|&#[0-9a-f]{1,6};", Linear);

    private static readonly Regex Unseen = new("<(?:style|script)[^<]*<", Linear);

    private static readonly Regex Page = new("<!doctype html|<html|<head|<body|<title|<h1", Linear);
}
