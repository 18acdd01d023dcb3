using System.Text.RegularExpressions;

namespace AetherLink.Orchestrator.Local;

/// <summary>What a message is about, by its words, in the order in which they come up.</summary>
internal static partial class Tags
{
    private const int Most = 8;

    private static readonly (string Tag, Regex Pattern)[] Rules =
    [
        ("pricing", Pricing()), ("demo", Demo()), ("urgent", Urgent()), ("partnership", Partnership()), ("support", Support()),
        ("trial", Trial()), ("enterprise", Enterprise()), ("integration", Integration()), ("migration", Migration()),
        ("renewal", Renewal()), ("complaint", Complaint()), ("referral", Referral()), ("event", Event()), ("security", Security()),
        ("billing", Billing()), ("hiring", Hiring()), ("training", Training()), ("callback", Callback()),
    ];

    public static IReadOnlyList<string> Find(string text) =>
    [
        .. Rules
            .Select(r => (r.Tag, Match: r.Pattern.Match(text)))
            .Where(r => r.Match.Success)
            .OrderBy(r => r.Match.Index).ThenBy(r => r.Tag, StringComparer.Ordinal)
            .Select(r => r.Tag)
            .Take(Most),
    ];

    [GeneratedRegex(
        @"\b(?:pric(?:e|es|ing)|quot(?:e|es|ation)|costs?|how much|rates?|budget|estimate|angebot|preise?|devis|" +
        @"tarifs?|precios?|presupuesto|cotización)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Pricing();

    [GeneratedRegex(@"\b(?:demos?|demonstration|walk-?through|product tour|vorführung|démo|demostración)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Demo();

    [GeneratedRegex(
        @"(?<!\b(?:not|isn't|nothing|non)[ -])\b(?:urgent(?:ly|e)?|asap|a\.s\.a\.p|as soon as possible|immediately|" +
        @"right away|by (?:today|tomorrow|end of (?:day|week)|eod|eow)|dringend|so schnell wie möglich|" +
        @"au plus vite|lo antes posible)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Urgent();

    [GeneratedRegex(
        @"\b(?:partner(?:ship|ing)|resell(?:er|ing)?|distribut(?:or|ion)|affiliate|white-?label|joint venture|" +
        @"partenariat)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Partnership();

    [GeneratedRegex(
        @"\b(?:help with|issue|bug|broken|not working|doesn'?t work|error|outage|log ?in problem|technical support|" +
        @"troubleshoot\w*)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Support();

    [GeneratedRegex(@"\b(?:(?:free )?trial|pilot|proof of concept|poc|sandbox|testversion)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Trial();

    [GeneratedRegex(
        @"\b(?:enterprise|[1-9]\d{2,}\+? (?:users|seats|employees|people|agents|licen[cs]es)|\d,\d{3} (?:users|" +
        @"seats|employees|people)|sso|sla|rfp|tender)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Enterprise();

    [GeneratedRegex(@"\b(?:integrat(?:e|es|ion|ions|ing)|api|webhooks?|connectors?|salesforce|hubspot|zapier|schnittstelle)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Integration();

    [GeneratedRegex(@"\b(?:migrat(?:e|ion|ing)|switch(?:ing)? (?:from|away)|moving (?:from|away|off)|replac(?:e|ing) our)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Migration();

    [GeneratedRegex(@"\b(?:renew(?:al|ing)?|contract (?:ends|expires|is up)|extend our)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Renewal();

    [GeneratedRegex(
        @"\b(?:complain(?:t|ing)?|disappointed|unacceptable|refund|frustrat(?:ed|ing)|fed up|cancel(?:ling)? (?:my|" +
        @"our))\b", RegexOptions.IgnoreCase)]
    private static partial Regex Complaint();

    [GeneratedRegex(
        @"\b(?:referr(?:ed|al)|recommended (?:you|by)|mentioned (?:you|your)|suggested (?:you|i)|word of mouth|" +
        @"passed (?:me )?(?:on )?your)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Referral();

    [GeneratedRegex(@"\b(?:conference|webinar|trade ?show|booth|expo|summit|meetup|messe)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Event();

    [GeneratedRegex(@"\b(?:security|gdpr|dsgvo|rgpd|soc ?2|iso ?27001|hipaa|compliance|penetration test|data residency)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Security();

    [GeneratedRegex(@"\b(?:invoic(?:e|es|ing)|billing|payment|charged|overcharged|rechnung|facture|factura)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Billing();

    [GeneratedRegex(@"\b(?:hiring|recruit\w*|vacancy|job opening|open position|cv attached|résumé)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Hiring();

    [GeneratedRegex(@"\b(?:training|workshop|onboarding|schulung|formation)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Training();

    [GeneratedRegex(
        @"\b(?:call me(?: back)?|give me a (?:call|ring)|call ?back|ring me|rufen sie mich|rückruf|rappelez|" +
        @"llámame)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Callback();
}
