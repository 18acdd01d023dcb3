using System.Text.RegularExpressions;

namespace AetherLink.CommandCenter.Failures;

/// <summary>
/// Reads how long to wait from a sentence: <c>"retry_after": 0.65</c> · <c>"retryDelay":"22s"</c> · Please try again in 200ms · in 1m26.4s ·
/// Please retry after 26 seconds · You must wait 42 seconds · reset in 42 seconds.
/// </summary>
internal static class SpokenWait
{
    private const RegexOptions Linear = RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace;

    /// <summary>How long, in any of the ways to write it.</summary>
    private const string Length =
        """
        (?:(?<millis>\d{1,9}(?:\.\d{1,6})?)\ ?(?:ms|milliseconds?)\b
        |(?:(?<hours>\d{1,3})\ ?h(?:ours?)?\ ?)?(?<minutes>\d{1,4})\ ?m(?:in(?:ute)?s?)?\ ?(?:(?<seconds>\d{1,6}(?:\.\d{1,9})?)\ ?s)?
        |(?<hours>\d{1,3})\ ?h(?:ours?)?\b
        |(?<seconds>\d{1,6}(?:\.\d{1,9})?))
        """;

    private static readonly Regex InWords = new(
        $"""
        (?:"retry[_-]?after(?:_?(?:seconds|secs?))?"\s?:\s?"?
        |"retrydelay"\s?:\s?"|"estimated_time"\s?:\s?
        |(?:try\ again|try|retry|retrying|resets?|reset|available|wait|back\ off)\ (?:again\ |at\ least\ |for\ )*(?:in|after|for|at\ least|up\ to)?\ ?)
        {Length}
        """, Linear);

    private static readonly Regex InMillis = new("""(?:"retry_?after_?(?:ms|millis(?:econds)?)"\s?:\s?"?(?<millis>\d{1,9}))""", Linear);

    private static readonly Regex Alone = new($"^{Length}s?$", Linear);

    /// <summary>Null where nothing is said.</summary>
    public static TimeSpan? Read(string text) =>
        InMillis.Match(text) is { Success: true } millis ? Of(millis) : InWords.Match(text) is { Success: true } said ? Of(said) : null;

    /// <summary>Of a length and nothing else: 1.2s, 6m0s.</summary>
    public static TimeSpan? Duration(string text) => Alone.Match(text.Trim()) is { Success: true } said ? Of(said) : null;

    private static TimeSpan Of(Match said) =>
        Waiting.Span((3_600 * Number(said, "hours")) + (60 * Number(said, "minutes")) + Number(said, "seconds") + (Number(said, "millis") / 1_000));

    private static double Number(Match said, string group) => Waiting.Seconds(said.Groups[group].Value) ?? 0;
}
