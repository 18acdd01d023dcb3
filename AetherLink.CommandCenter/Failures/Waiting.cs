using System.Globalization;
using System.Net.Http.Headers;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Failures.Answers;

namespace AetherLink.CommandCenter.Failures;

/// <summary>For how long an answer asks to be left alone, in its headers and in its words: the longest of what it says, in whole seconds.</summary>
internal static class Waiting
{
    /// <summary>More seconds than anybody waits: a time of day.</summary>
    private const double Since1970 = 1e9;

    /// <summary>The same in milliseconds.</summary>
    private const double MillisSince1970 = 1e12;

    /// <summary>The year 9999.</summary>
    private const double Latest = 253_402_300_799;

    private static readonly string[] Millis = ["retry-after-ms", "x-ms-retry-after-ms"];

    // RFC 9110's is a date or seconds; some write parts of a second, and some with their unit.
    private static readonly string[] Retries = ["Retry-After", "X-Retry-After", "X-Retry-In", "X-RateLimit-Retry-After"];

    private static readonly string[] Resets = ["X-RateLimit-Reset-After", "RateLimit-Reset", "X-RateLimit-Reset", "X-Rate-Limit-Reset", "X-RateLimit-Reset-Requests", "X-RateLimit-Reset-Tokens"];

    public static TimeSpan? Asked(Failure failure)
    {
        // The standard's header is the one that counts, where it is there.
        var longest = Retries.Select(name => Read(failure.Header(name), failure.At)).FirstOrDefault(asked => asked is not null);
        foreach (var name in Millis)
        {
            longest = Longer(longest, Seconds(failure.Header(name)) is { } millis ? Span(millis / 1_000) : null);
        }
        // When a limit is filled up again matters to whom it has stopped: many tell of it with every answer.
        if (!HeaderSigns.HasLeft(failure))
        {
            foreach (var name in Resets)
            {
                longest = Longer(longest, Read(failure.Header(name), failure.At));
            }
            longest = Longer(longest, Structured(failure.Header("RateLimit")));
        }
        if (failure.Text is { } body)
        {
            longest = Longer(longest, SpokenWait.Read(body));
        }
        return longest is { } asked ? RetryAfter.Clamp(TimeSpan.FromSeconds(Math.Ceiling(asked.TotalSeconds))) : null;
    }

    private static TimeSpan? Read(string? text, DateTimeOffset at)
    {
        if (text is null)
        {
            return null;
        }
        if (Seconds(text) is { } seconds)
        {
            // Some write the time of day instead of what is left.
            return seconds > MillisSince1970 ? DateTimeOffset.UnixEpoch.AddSeconds(Math.Min(seconds / 1_000, Latest)) - at
                : seconds > Since1970 ? DateTimeOffset.UnixEpoch.AddSeconds(Math.Min(seconds, Latest)) - at
                : Span(seconds);
        }
        return RetryConditionHeaderValue.TryParse(text, out var parsed) ? parsed.Delta ?? parsed.Date - at
            : SpokenWait.Duration(text) is { } said ? said
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date - at
            : null;
    }

    /// <summary>The IETF's draft: <c>RateLimit: "default";r=0;t=30</c>.</summary>
    private static TimeSpan? Structured(string? text)
    {
        var part = text?.Split([';', ',']).Select(part => part.Trim()).FirstOrDefault(part => part.StartsWith("t=", StringComparison.Ordinal) || part.StartsWith("reset=", StringComparison.Ordinal));
        return part is not null && Seconds(part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..]) is { } seconds ? Span(seconds) : null;
    }

    private static TimeSpan? Longer(TimeSpan? one, TimeSpan? other) => one is null || other > one ? other ?? one : one;

    internal static TimeSpan Span(double seconds) => seconds >= RetryAfter.Longest.TotalSeconds ? RetryAfter.Longest : TimeSpan.FromSeconds(seconds);

    internal static double? Seconds(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds)
            ? seconds
            : null;
}
