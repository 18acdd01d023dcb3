using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using AetherLink.CommandCenter.Deliveries.Scheduling;

namespace AetherLink.CommandCenter.Failures;

/// <summary>For how long an answer asks to be left alone, in its headers and in its words: the longest of what it says, in whole seconds.</summary>
internal static class Waiting
{
    /// <summary>More seconds than anybody waits: a time of day.</summary>
    private const double Since1970 = 1e9;

    /// <summary>The year 9999.</summary>
    private const double Latest = 253_402_300_799;

    private static readonly string[] SecondsHeaders = ["X-RateLimit-Reset-After", "RateLimit-Reset", "X-RateLimit-Reset"];

    public static TimeSpan? Asked(Failure failure)
    {
        TimeSpan? longest = null;
        if (failure.Header("Retry-After") is { } header && RetryConditionHeaderValue.TryParse(header, out var parsed))
        {
            longest = Longer(longest, parsed.Delta ?? parsed.Date - failure.At);
        }
        foreach (var name in SecondsHeaders)
        {
            if (failure.Header(name) is { } text && Seconds(text) is { } seconds)
            {
                // Some write the time of day instead of what is left, as seconds since 1970.
                longest = Longer(longest, seconds > Since1970 ? DateTimeOffset.UnixEpoch.AddSeconds(Math.Min(seconds, Latest)) - failure.At : TimeSpan.FromSeconds(seconds));
            }
        }
        if (failure.Text is { } body && InWords.Match(body) is { Success: true } said)
        {
            longest = Longer(longest, Span((60 * Number(said, "minutes")) + Number(said, "seconds") + (Number(said, "millis") / 1_000)));
        }
        return longest is { } asked ? RetryAfter.Clamp(TimeSpan.FromSeconds(Math.Ceiling(asked.TotalSeconds))) : null;
    }

    private static TimeSpan? Longer(TimeSpan? one, TimeSpan? other) => one is null || other > one ? other ?? one : one;

    private static TimeSpan Span(double seconds) => seconds >= RetryAfter.Longest.TotalSeconds ? RetryAfter.Longest : TimeSpan.FromSeconds(seconds);

    private static double? Seconds(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds)
            ? Math.Min(seconds, Latest)
            : null;

    private static double Number(Match said, string group) => Seconds(said.Groups[group].Value) ?? 0;

    // "retry_after": 0.65 · Please try again in 200ms · in 1m26.4s · Please retry after 26 seconds. In one pass, whatever the text.
    private static readonly Regex InWords = new(
        """
        (?:"retry_after"\s?:\s?|(?:try\ again|retry)\ (?:in|after)\ )
        (?:(?<millis>\d{1,9})ms|(?<minutes>\d{1,4})\ ?m(?:in(?:ute)?s?)?\ ?(?:(?<seconds>\d{1,6}(?:\.\d{1,6})?)s)?|(?<seconds>\d{1,6}(?:\.\d{1,6})?))
        """,
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace);
}
