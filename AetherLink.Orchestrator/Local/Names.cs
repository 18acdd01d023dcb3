using System.Text.RegularExpressions;

namespace AetherLink.Orchestrator.Local;

/// <summary>Who a message is from: what it says of itself, its header, its signature, and last the address.</summary>
internal static partial class Names
{
    private const string Word = @"[\p{L}][\p{L}'\-]*\.?";

    public static string? Best(MessageText message, FoundEmail? email)
    {
        var scores = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        void Vote(string? name, double score)
        {
            if (name is not null) scores[name] = scores.GetValueOrDefault(name) + score;
        }

        foreach (Match m in Field().Matches(message.Text)) Vote(Parse(m.Groups["name"].Value, loose: true), 12);
        foreach (Match m in Header().Matches(message.Text)) Vote(Parse(Turned(m.Groups["name"].Value), loose: true), 11);
        foreach (Match m in Introduction().Matches(message.Text)) Vote(Introduced(message.Text, m), 10);
        foreach (Match m in IntroductionHere().Matches(message.Text)) Vote(Parse(m.Groups["name"].Value, loose: false), 8);
        foreach (Match m in Placed().Matches(message.Text)) Vote(Parse(m.Groups["name"].Value, loose: false), 6);
        foreach (Match m in InlineClosing().Matches(message.Text)) Vote(Parse(m.Groups["name"].Value, loose: false), 6);
        Vote(Beside(message.Text, email), 6);
        Vote(After(message.Text, email), 5);
        Vote(Signature(message), 8);
        foreach (Match m in ThirdPerson().Matches(message.Text)) Vote(Parse(m.Groups["name"].Value, loose: false), 5);
        Vote(FromMailbox(email), 3);
        return Choose(scores);
    }

    /// <summary>"i'm bob miller from ..." is a name, "this is unacceptable" is none.</summary>
    private static string? Introduced(string text, Match m)
    {
        var said = m.Groups["name"];
        if (char.IsUpper(said.Value[0])) return Parse(said.Value, loose: m.Groups["named"].Success);
        if (Parse(said.Value, loose: true) is not { } name) return null;
        var words = name.Split(' ').Length;
        var typed = said.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(words).ToArray();
        if (m.Groups["named"].Success) return name;
        var rest = text[(said.Index + string.Join(' ', typed).Length)..];
        return words >= 2 && !typed.Any(w => Inflected().IsMatch(w)) && Joined().IsMatch(rest) ? name : null;
    }

    /// <summary>"Jane" in the text and "Jane Doe" below it are one person, by the longer name.</summary>
    private static string? Choose(Dictionary<string, double> scores)
    {
        foreach (var (part, score) in scores.Where(s => !s.Key.Contains(' ', StringComparison.Ordinal)).ToList())
        {
            var whole = scores.Keys.FirstOrDefault(k => k.StartsWith(part + " ", StringComparison.OrdinalIgnoreCase));
            if (whole is null) continue;
            scores[whole] += score;
            scores.Remove(part);
        }
        return scores.OrderByDescending(s => s.Value).Select(s => s.Key).FirstOrDefault();
    }

    /// <summary>The words of a name from the start of the text; loose takes lower case, as people type of themselves.</summary>
    internal static string? Parse(string text, bool loose)
    {
        var words = new List<string>();
        foreach (var raw in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (words.Count == 0 && Words.Titles.Contains(raw)) continue;
            var ends = raw[^1] is ',' or ';' or ':' or '!' or '?' or ')';
            var word = raw.Trim(',', ';', ':', '!', '?', '(', ')', '"', '<');
            var initial = word.Length == 2 && word[1] == '.' && char.IsUpper(word[0]);
            if (word.Length > 2 && word[^1] == '.') (word, ends) = (word[..^1], true);
            if (word.Length == 0 || !NameWord().IsMatch(word)) break;
            var particle = Words.Particles.Contains(word) && char.IsLower(word[0]);
            if (!particle && !initial && (Words.NotNames.Contains(word) || Words.CompanyEndings.Contains(word) || Words.Departments.Contains(word))) break;
            if (particle && words.Count == 0 && !loose) break;
            if (!particle && !loose && !char.IsUpper(word[0])) break;
            words.Add(word);
            if (ends || words.Count == 5) break;
        }
        while (words.Count > 0 && Words.Particles.Contains(words[^1]) && char.IsLower(words[^1][0])) words.RemoveAt(words.Count - 1);
        return words.Count == 0 || words[0].Length < 2 ? null : string.Join(' ', words.Select(Cased));
    }

    private static string Cased(string word)
    {
        if (Words.Particles.Contains(word) && char.IsLower(word[0])) return word;
        var shouted = word.Length > 2 && word.All(c => !char.IsLetter(c) || char.IsUpper(c));
        return shouted || word.All(c => !char.IsLetter(c) || char.IsLower(c)) ? Words.TitleCase(word) : word;
    }

    /// <summary>Doe, Jane</summary>
    private static string Turned(string name)
    {
        var parts = name.Trim('"', ' ').Split(',', 2, StringSplitOptions.TrimEntries);
        return parts.Length == 2 && !parts[1].Contains(' ', StringComparison.Ordinal) ? $"{parts[1]} {parts[0]}" : name.Trim('"', ' ');
    }

    /// <summary>Jane Doe &lt;jane@acme.com&gt;</summary>
    private static string? Beside(string text, FoundEmail? email)
    {
        if (email is null) return null;
        var line = text[(text.LastIndexOf('\n', Math.Max(0, email.At - 1)) + 1)..email.At];
        var m = DisplayName().Match(line);
        return m.Success && Parse(m.Groups["name"].Value, loose: false) is { } name && name.Contains(' ', StringComparison.Ordinal) ? name : null;
    }

    /// <summary>jane@acme.com - Jane Doe, ...</summary>
    private static string? After(string text, FoundEmail? email)
    {
        if (email is null || FollowingName().Match(text, email.At + email.Address.Length) is not { Success: true } m) return null;
        return Parse(m.Groups["name"].Value, loose: false) is { } name && name.Contains(' ', StringComparison.Ordinal) ? name : null;
    }

    private static string? Signature(MessageText message)
    {
        for (var i = message.Lines.Count - 1; i >= 0; i--)
        {
            if (Closing().Match(message.Lines[i]) is not { Success: true } closing) continue;
            var sameLine = closing.Groups["rest"].Value.Trim();
            var lines = message.Lines.Skip(i + 1).Where(l => l.Length > 0).Take(1);
            foreach (var line in sameLine.Length > 0 ? lines.Prepend(sameLine) : lines)
            {
                var head = line.Split(['|', ',', '(', '/', '·', '•', '–'], 2)[0].Trim();
                if (head.Split(' ').Length <= 5 && Parse(head, loose: false) is { } name && name.Split(' ').Length >= head.Split(' ').Count(w => !Words.Titles.Contains(w)))
                    return name;
            }
        }
        return null;
    }

    private static string? FromMailbox(FoundEmail? email)
    {
        if (email is null || email.IsShared) return null;
        var parts = email.Mailbox.Split('+')[0].Split('.', '_', '-');
        return parts.Length is 2 or 3 && parts.All(p => p.Length >= 2 && p.All(char.IsLetter) && !Words.NotNames.Contains(p))
            ? string.Join(' ', parts.Select(Words.TitleCase))
            : null;
    }

    [GeneratedRegex(
        @"(?:^[ \t>-]*|[,.;|]\s*)(?:full |contact |your |client |customer |lead )?(?:name|contact|nombre|nom|" +
        @"ansprechpartner)\s*[:=]\s*(?<name>[^\n@|;]{2,60})", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Field();

    [GeneratedRegex(@"^[ \t]*(?:from|von|de)\s*:\s*""?(?<name>[^<\n@""]{2,60}?)""?\s*(?:<|\[|\(|$)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Header();

    [GeneratedRegex(
        @"(?:(?<named>\bmy(?: full)? name is|\bmy name's|\bname is|\bi'?m called|\bmein name ist|\bich heiße|" +
        @"\bje m'appelle|\bme llamo|\bmi nombre es|\bmi chiamo|\bjag heter|\bmeu nome é|\bmijn naam is)|\bi'?m|" +
        @"\bi am|\bthis is|\bich bin|\bje suis|\bsoy|\bsono|" +
        @"\bik ben)\s+(?<name>" + Word + @"(?:[ ]" + Word + @"){0,4})", RegexOptions.IgnoreCase)]
    private static partial Regex Introduction();

    // Jane Doe here, ...   |   It's Jane from Acme
    [GeneratedRegex(
        @"(?:(?<=^|[.!,\n]\s{0,2}|(?:hi|hello|hey)\s)(?:(?:Dr|Mr|Mrs|Ms|" +
        @"Prof)\.? )?(?<name>\p{Lu}[\p{L}'\-]+(?: \p{Lu}\.| \p{Lu}[\p{L}'\-]+){0,3}) here\b|\b(?:it'?s|" +
        @"it is) (?<name>\p{Lu}[\p{L}'\-]+(?: \p{Lu}[\p{L}'\-]+){0,3})(?= (?:from|at|with|over)\b))", RegexOptions.Multiline)]
    private static partial Regex IntroductionHere();

    // John from Stripe here   |   John Smith, CEO at Example Corp
    [GeneratedRegex(
        @"(?<=^|[.!,\n]\s{0,2})(?<name>\p{Lu}[\p{L}'\-]+(?: \p{Lu}\.| \p{Lu}[\p{L}'\-]+){0,3})(?= (?:from|with|" +
        @"over at) (?:the )?\p{Lu}|,? \(?(?:the )?(?:CEO|CTO|CFO|COO|CMO|VP|[Ff]ounder|[Cc]o-founder|[Oo]wner|" +
        @"[Dd]irector|[Mm]anager|[Hh]ead|[Pp]resident|[Pp]artner)\b)", RegexOptions.Multiline)]
    private static partial Regex Placed();

    // ... is 555-0100. Thanks, Bob
    [GeneratedRegex(
        @"[.!?)\d]\s+(?:[Tt]hanks|[Tt]hank you|[Cc]heers|[Bb]est|[Rr]egards|[Kk]ind regards|[Bb]est regards|" +
        @"[Ss]incerely|[Ss]aludos|[Cc]ordialement)[,.!]?\s+(?:[-–—]\s?)?(?<name>\p{Lu}[\p{L}'\-]+(?: \p{Lu}[\p{L}'\-]+){0,2})\s*$", RegexOptions.Multiline)]
    private static partial Regex InlineClosing();

    [GeneratedRegex(
        @"(?:\b(?:[Ss]poke|[Tt]alked|[Cc]hatted|[Cc]onnected|[Mm]eeting|[Mm]et)(?: briefly)? (?:with|to)|\b[Mm]et|" +
        @"\b[Cc]all(?:ed)?(?: from| with)?|\b[Vv]oicemail from|\b[Ee]mail from|\b[Mm]essage from|\b[Ii]nquiry from|" +
        @"\b[Rr]eferral:?|\b[Ll]ead:|\b[Cc]ontact(?:ed)?:?|\b[Ii]ntroduc(?:e|ing)(?: you to)?)\s+(?:(?:Dr|Mr|Mrs|" +
        @"Ms|Prof)\.? )?(?<name>\p{Lu}[\p{L}'\-]+(?: (?:(?:van|von|der|del|de|da|di|la|bin|al)\b|\p{Lu}\.|" +
        @"\p{Lu}[\p{L}'\-]+)){1,4})")]
    private static partial Regex ThirdPerson();

    [GeneratedRegex(
        @"(?<name>\p{Lu}[\p{L}'\-]+(?: (?:(?:van|von|der|del|de|da|di|la|bin|al)\b|\p{Lu}\.|" +
        @"\p{Lu}[\p{L}'\-]+)){1,4})\s*[,:(<\[\-–|]*\s*(?:mailto:)?$")]
    private static partial Regex DisplayName();

    [GeneratedRegex(
        @"^(?:--+|__+|(?:(?:kind|best|warm|warmest|many|with kind|with best)\s+)?(?:regards|wishes)|best|cheers|" +
        @"thanks(?: (?:a lot|so much|again|in advance|and (?:best )?regards))?|many thanks|thank you(?: (?:so much|" +
        @"very much|in advance|and (?:best |kind )?regards))?|thx|sincerely|yours(?: sincerely| truly|" +
        @" faithfully)?|respectfully|mit freundlichen grüßen|mit freundlichem gruß|(?:viele|beste|liebe) grüße|vg|" +
        @"lg|mfg|cordialement|bien à vous|bien cordialement|saludos(?: cordiales)?|atentamente|un saludo|" +
        @"cordiali saluti|med vänliga hälsningar|met vriendelijke groet|" +
        @"atenciosamente)\s*[,.!:–-]*\s*(?<rest>.{0,60})$", RegexOptions.IgnoreCase)]
    private static partial Regex Closing();

    [GeneratedRegex(
        @"\G[>)\s,|/–-]{1,6}(?<name>\p{Lu}[\p{L}'\-]+(?: (?:(?:van|von|der|del|de|da|di|la|bin|al)\b|\p{Lu}\.|" +
        @"\p{Lu}[\p{L}'\-]+)){1,3})(?=\s*[,|\n(]|\s*$)")]
    private static partial Regex FollowingName();

    [GeneratedRegex(@"(?:ing|ed|ly|able|ful|less|ous|ive)$")]
    private static partial Regex Inflected();

    [GeneratedRegex(@"^\s*(?:,|\.|and\b|from\b|at\b|with\b|over at\b|of\b|here\b|\()")]
    private static partial Regex Joined();

    [GeneratedRegex(@"^\p{L}(?:[\p{L}'\-]*|\.)$")]
    private static partial Regex NameWord();
}
