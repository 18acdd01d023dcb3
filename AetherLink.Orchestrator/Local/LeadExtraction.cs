using AetherLink.Orchestrator.Intents;

namespace AetherLink.Orchestrator.Local;

/// <summary>
/// A lead from free text by rules: each finds candidates with a score for how plainly the text says it, and the highest wins.
/// The same text always gives the same lead.
/// </summary>
internal static class LeadExtraction
{
    public static Lead Extract(string raw)
    {
        var message = MessageText.Of(raw);
        var emails = Emails.Find(message.Text);
        var likely = emails.Count > 0 ? emails[0] : null;
        var name = Names.Best(message, likely);
        var email = Own(emails, name);
        var company = Companies.Best(message, name, email);
        return new(name, email?.Address, company, Phones.Best(message.Text), Tags.Find(message.Text));
    }

    /// <summary>Of several addresses, the one that bears the person's name, unless the text speaks plainly for another.</summary>
    private static FoundEmail? Own(IReadOnlyList<FoundEmail> emails, string? name)
    {
        if (name is null) return emails.Count > 0 ? emails[0] : null;
        var parts = name.Split(' ').Where(p => p.Length > 2).ToArray();
        return emails
            .OrderByDescending(e => e.Score + (parts.Any(p => e.Mailbox.Contains(p, StringComparison.OrdinalIgnoreCase)) ? 3 : 0))
            .ThenBy(e => e.At)
            .FirstOrDefault();
    }
}
