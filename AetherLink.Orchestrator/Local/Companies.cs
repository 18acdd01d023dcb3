using System.Text.RegularExpressions;

namespace AetherLink.Orchestrator.Local;

/// <summary>The company of a message: what it says, a legal form, a signature, and last the domain of the address.</summary>
internal static partial class Companies
{
    public static string? Best(MessageText message, string? person, FoundEmail? email)
    {
        var scores = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        void Vote(string? company, double score)
        {
            if (company is null || string.Equals(company, person, StringComparison.OrdinalIgnoreCase)) return;
            scores[company] = scores.GetValueOrDefault(company) + score;
        }

        foreach (Match m in Field().Matches(message.Text)) Vote(m.Groups["company"].Value.Trim().TrimEnd(',', '.'), 14);
        if (person is not null)
        {
            foreach (var end in EndsOf(person, message.Text))
            {
                if (FollowingPerson().Match(message.Text, end) is { Success: true } m) Vote(Parse(m.Groups["company"].Value), 9);
            }
        }
        foreach (Match m in Stated().Matches(message.Text)) Vote(Parse(m.Groups["company"].Value), 8);
        foreach (Match m in WithForm().Matches(message.Text)) Vote(Parse(m.Value), 6);
        foreach (var line in SignatureLines(message, person)) Vote(Parse(line), 5);
        if (email is not null && FromDomain(email) is { } domain)
        {
            var spelled = scores.Keys.FirstOrDefault(k => Same(k, domain)) ?? Spelled(message.Text, domain);
            Vote(spelled ?? Words.TitleCase(domain), spelled is null ? 3 : 5);
        }
        return Choose(scores);
    }

    /// <summary>"Acme" and "Acme Corp" are one company, by the longer name.</summary>
    private static string? Choose(Dictionary<string, double> scores)
    {
        foreach (var (part, score) in scores.ToList())
        {
            var whole = scores.Keys.FirstOrDefault(k => k.Length > part.Length && k.StartsWith(part + " ", StringComparison.OrdinalIgnoreCase));
            if (whole is null) continue;
            scores[whole] += score;
            scores.Remove(part);
        }
        return scores.OrderByDescending(s => s.Value).Select(s => s.Key).FirstOrDefault();
    }

    /// <summary>The words of a company's name from the start of the text: as long as they are capitals, figures, or join such.</summary>
    internal static string? Parse(string text)
    {
        var words = new List<string>();
        foreach (var raw in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var word = raw.Trim('"', '(', ')', '<', '>', '“', '”', '[', ']');
            var ending = Words.CompanyEndings.Contains(word.TrimEnd(',', ';', ':', '!', '?'));
            var saint = raw == "St.";
            var ends = raw[^1] is ',' or ';' or ':' or '!' or '?' or ')' or '|' || (raw[^1] == '.' && !saint && !(ending && Words.CompanyEndings.Contains(word)));
            word = word.TrimEnd(',', ';', ':', '!', '?', '|');
            if (raw[^1] == '.' && !saint && !Words.CompanyEndings.Contains(word)) word = word.TrimEnd('.');
            if (word.Length == 0 || word.Contains('@', StringComparison.Ordinal)) break;
            var joins = words.Count > 0 && word is "&" or "+" or "and" or "of" or "und" or "et" or "y" or "de" or "the";
            if (!joins && !ending && !CompanyWord().IsMatch(word)) break;
            if (words.Count == 0 && (Words.NotNames.Contains(word) || (ending && word.Length < 4))) break;
            if (words.Count > 0 && !ending && !joins && Words.NotNames.Contains(word) && word.Any(char.IsLower)) break;
            words.Add(word);
            // "Acme Corp, Berlin": a comma may still be followed by the legal form.
            if (ends && !(raw[^1] == ',' && FormFollows(text, raw))) break;
            if (ending && Words.CompanyEndings.Contains(word) && IsLegalForm(word) && !FormFollows(text, raw)) break;
            if (words.Count == 6) break;
        }
        while (words.Count > 0 && words[^1] is "&" or "+" or "and" or "of" or "und" or "et" or "y" or "de" or "the") words.RemoveAt(words.Count - 1);
        if (words.Count == 0 || (words.Count == 1 && (Words.Places.Contains(words[0]) || Words.Departments.Contains(words[0]) || words[0].Length < 2 || words[0].All(char.IsDigit)))) return null;
        if (words.Count == 2 && words.All(w => Words.Places.Contains(w))) return null;
        // The stop after these ends the sentence as often as it abbreviates; without it, one company is one name.
        if (DroppedStop().IsMatch(words[^1])) words[^1] = words[^1][..^1];
        return string.Join(' ', words);
    }

    private static IEnumerable<int> EndsOf(string person, string text)
    {
        for (var at = text.IndexOf(person, StringComparison.OrdinalIgnoreCase); at >= 0;
            at = text.IndexOf(person, at + person.Length, StringComparison.OrdinalIgnoreCase))
        {
            yield return at + person.Length;
        }
    }

    private static bool IsLegalForm(string word) => LegalForm().IsMatch(word);

    private static bool FormFollows(string text, string raw)
    {
        var at = text.IndexOf(raw, StringComparison.Ordinal) + raw.Length;
        var next = text[at..].TrimStart().Split(' ', 2)[0].TrimEnd(',', ';', '\n', '!');
        return next.Length > 0 && (IsLegalForm(next) || next is "&");
    }

    private static IEnumerable<string> SignatureLines(MessageText message, string? person)
    {
        if (person is null) yield break;
        for (var i = message.Lines.Count - 1; i >= 0; i--)
        {
            if (!message.Lines[i].StartsWith(person, StringComparison.OrdinalIgnoreCase) || message.Lines[i].Length > person.Length + 60) continue;
            foreach (var part in message.Lines.Skip(i + 1).Take(3).Prepend(message.Lines[i][person.Length..]).SelectMany(l => Separators().Split(l)))
            {
                var text = part.Trim();
                if (text.Length is > 1 and < 60 && !text.Contains('@', StringComparison.Ordinal) && !JobTitle().IsMatch(text) && !text.Any(char.IsAsciiDigit) && !Web().IsMatch(text))
                    yield return text;
                else if (AtCompany().Match(text) is { Success: true } m)
                    yield return m.Groups["company"].Value;
            }
            yield break;
        }
    }

    private static string? FromDomain(FoundEmail email)
    {
        var labels = email.Domain.Split('.');
        var label = labels.Length >= 3 && labels[^2].Length <= 3 && labels[^1].Length == 2 ? labels[^3] : labels[^2];
        return Words.FreeMail.Contains(label) || label.Length < 2 ? null : label;
    }

    private static bool Same(string company, string domain)
    {
        var letters = Letters(company);
        var label = Letters(domain);
        return letters == label || (label.Length >= 4 && letters.StartsWith(label, StringComparison.Ordinal))
            || (letters.Length >= 4 && label.StartsWith(letters, StringComparison.Ordinal));
    }

    private static string? Spelled(string text, string domain) => Capitals().Matches(text)
        .Select(m => m.Value).FirstOrDefault(v => Letters(v) == Letters(domain));

    private static string Letters(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    [GeneratedRegex(
        @"(?:^[ \t>-]*|[,.;|]\s*)(?:company|company name|organi[sz]ation|business|employer|firma|unternehmen|" +
        @"société|entreprise|empresa|azienda)(?: name)?\s*[:=]\s*(?<company>[^\n|;]{2,80}?)(?=\s*(?:$|[|;]|" +
        @",\s*[\p{L}-]+:|\.\s))", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Field();

    // Jane Doe [from Acme]   |   Jane Doe, head of sales [at Acme]   |   Jane Doe[, Acme]
    [GeneratedRegex(
        @"\G[,\s]*(?:\([^)\n]{0,40}\)\s*)?(?:(?:here\s)?(?:from|at|with|of|over at|von|de|chez|aus|bei|@)|" +
        @"[^.\n]{0,40}?\b(?:from|at|of|bei|von|chez|de)\b|,|\|)\s+(?:the\s)?(?<company>[^\n]{2,80})", RegexOptions.IgnoreCase)]
    private static partial Regex FollowingPerson();

    [GeneratedRegex(
        @"(?:\b[Ww]ork(?:ing|s)? (?:at|for|with)|\bon behalf of|\b[Ww]e(?:'re| are) (?:at )?|\b[Ii](?:'m|" +
        @" am) (?:with|from|at)|\b[Ii] run|\b[Ii] own|\b[Ii] represent|\b[Hh]ere at|\b[Uu]s at|\bteam at|\bwe at|" +
        @"\bmy company,?|\bour company,?|\bmy firm,?|\b[Ff]ound(?:er|ed)(?: and CEO| & CEO)? (?:of|at)?|" +
        @"\bCEO (?:of|at|@)|\bCTO (?:of|at|@)|\bCOO (?:of|at|@)|\bCFO (?:of|at|@)|\b(?:[Oo]wner|[Pp]resident) of|" +
        @"\b(?:[Dd]irector|[Mm]anager|[Hh]ead|[Oo]fficer|VP|[Oo]wner|[Pp]artner|[Ll]ead|" +
        @"[Pp]resident)\b[^.\n]{0,30}? (?:at|for|@)|\bcompany (?:is|called|named)|\bfrom|\bbei(?: der)?|\bchez|" +
        @"\bfür die|\ben)\s+(?:the )?(?<company>[\p{Lu}\d][^\n]{1,80})")]
    private static partial Regex Stated();

    [GeneratedRegex(
        @"(?:\b[\p{Lu}\d][\p{L}\d&'\-]*,? (?:& |and |of )?){1,4}(?:Inc\b\.?|LLC\b|Ltd\b\.?|Limited\b|GmbH\b|AG\b|" +
        @"S\.A\.|SAS\b|SARL\b|B\.?V\.?(?=\W|$)|N\.V\.|Corp\b\.?|Corporation\b|PLC\b|plc\b|Pty\b(?: Ltd\b\.?)?|" +
        @"Pvt\b\.?(?: Ltd\b\.?)?|S\.r\.l\.|SRL\b|S\.p\.A\.|S\.L\.|Oy\b|AB\b|A/S|ApS\b|LLP\b|K\.K\.)")]
    private static partial Regex WithForm();

    [GeneratedRegex(
        @"^(?:inc\.?|llc\.?|ltd\.?|limited|gmbh|ag|kg|se|s\.a\.|sas|sarl|b\.?v\.?|n\.v\.|corp\.?|corporation|plc|" +
        @"pty|pvt\.?|s\.r\.l\.|srl|s\.p\.a\.|s\.l\.|oy|ab|a/s|aps|llp|k\.k\.|co\.)$", RegexOptions.IgnoreCase)]
    private static partial Regex LegalForm();

    [GeneratedRegex(
        @"\b(?:ceo|cto|cfo|coo|cmo|vp|director|manager|engineer|head|chief|officer|president|founder|owner|lead|" +
        @"leiter(?:in)?|geschäftsführer(?:in)?|sales|marketing|procurement|buyer|analyst|developer|assistant|" +
        @"coordinator|specialist|consultant|responsable|gerente|directora?|directeur|einkauf|operations|phone|tel|" +
        @"mobile|sent from|product|partner|professor|dr)\b", RegexOptions.IgnoreCase)]
    private static partial Regex JobTitle();

    [GeneratedRegex(@"^(?:corp|inc|ltd|llc|co|pvt)\.$", RegexOptions.IgnoreCase)]
    private static partial Regex DroppedStop();

    [GeneratedRegex(@"\s(?:at|@|of|bei)\s+(?<company>\p{Lu}.*)$")]
    private static partial Regex AtCompany();

    [GeneratedRegex(@"\s*[|·•–]\s*|,\s+|\s+-\s+")]
    private static partial Regex Separators();

    [GeneratedRegex(@"^(?:https?://|www\.)|\.\w{2,}/?$", RegexOptions.IgnoreCase)]
    private static partial Regex Web();

    [GeneratedRegex(@"^[\p{Lu}\d][\p{L}\d&'\-.+]*$|^[a-z]+[A-Z]\w*$|^[\p{L}\d]+\.(?:io|ai|com|co|net|org|de)$")]
    private static partial Regex CompanyWord();

    [GeneratedRegex(@"\b\p{Lu}[\p{L}\d&'\-]*(?: (?:& )?\p{Lu}[\p{L}\d'\-]*){0,3}")]
    private static partial Regex Capitals();
}
