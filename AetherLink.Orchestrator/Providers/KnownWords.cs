using System.Text;

namespace AetherLink.Orchestrator.Providers;

/// <summary>
/// Which of a few words, that stand in this list and nowhere else, an error holds: by them one can tell a limit from a bill and a policy from a
/// length, without a word of the provider's own, which may repeat what it was asked.
/// </summary>
internal static class KnownWords
{
    /// <summary>More say no more.</summary>
    private const int Most = 6;

    private static readonly string[] All =
    [
        // Bills before limits, and the period of a limit.
        "insufficient quota", "current quota", "quota", "insufficient balance", "billing", "payment", "credits", "credit", "spending limit", "spend limit",
        "usage limit", "overdue", "arrearage", "free tier", "subscription", "monthly", "daily", "per day", "per minute", "per second", "concurrency",
        "resource exhausted", "rate limit", "too many requests", "throttling", "throttled",
        // What will not be done, and what is too long.
        "content filter", "content filtering", "content policy", "content management", "content moderation", "moderation", "safety system", "safety settings",
        "safety filter", "safety reasons", "responsible ai", "guardrail", "guardrails", "inappropriate content", "sensitive content", "prohibited content",
        "unsafe content", "data inspection", "harmful", "flagged as", "flagged by", "flagged for", "violates", "violation", "policy",
        "context length", "context window", "maximum context", "prompt is too long", "input is too long", "too many tokens",
        // What goes over.
        "overloaded", "at capacity", "high demand", "busy", "timed out", "timeout", "temporarily unavailable", "not ready", "maintenance",
        "limit", "exceeded",
    ];

    /// <summary>With a comma before each; empty where there are none.</summary>
    public static string In(string error)
    {
        var plain = Plain(error);
        var found = new StringBuilder();
        var count = 0;
        foreach (var word in All)
        {
            // What is in a longer one that was found is said.
            if (count < Most && plain.Contains($" {word} ", StringComparison.Ordinal) && !found.ToString().Contains(word, StringComparison.Ordinal))
            {
                found.Append(", ").Append(word);
                count++;
            }
        }
        return found.ToString();
    }

    /// <summary>Small letters and one space around each word: insufficient_quota and insufficientQuota are two words each.</summary>
    private static string Plain(string error)
    {
        var plain = new StringBuilder(error.Length + 16).Append(' ');
        for (var i = 0; i < error.Length; i++)
        {
            var isNew = !char.IsLetterOrDigit(error[i]) || (i > 0 && char.IsUpper(error[i]) && (char.IsLower(error[i - 1]) || IsAfterShort(error, i)));
            if (isNew && plain[^1] != ' ') plain.Append(' ');
            if (char.IsLetterOrDigit(error[i])) plain.Append(char.ToLowerInvariant(error[i]));
        }
        return plain.Append(' ').ToString();
    }

    /// <summary>The P of AIPolicy.</summary>
    private static bool IsAfterShort(string error, int i) =>
        char.IsUpper(error[i - 1]) && i + 2 < error.Length && char.IsLower(error[i + 1]) && char.IsLower(error[i + 2]);
}
