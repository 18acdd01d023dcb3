using System.IO.Enumeration;
using AetherLink.CommandCenter.Alerts.Evaluating;

namespace AetherLink.CommandCenter.Alerts.Silencing;

/// <summary>One condition of a silence on the alerts that it mutes.</summary>
/// <param name="Label">One of <see cref="Matching.Labels"/>.</param>
/// <param name="Op">=, != or glob; a glob has * for any characters and ? for one.</param>
/// <param name="Value">What the label is compared with, in its exact case.</param>
internal sealed record Matcher(string Label, string Op, string Value);

/// <summary>Whether a silence mutes an alert, as a pure decision.</summary>
internal static class Matching
{
    public const string Equal = "=";
    public const string NotEqual = "!=";
    public const string Glob = "glob";

    public static IReadOnlyList<string> Labels { get; } = ["rule", "tenant", "severity", "source", "event_type", "group"];

    public static IReadOnlyList<string> Operators { get; } = [Equal, NotEqual, Glob];

    /// <summary>The first that mutes it, of those that are in force.</summary>
    public static Silence? First(ActiveAlert alert, IEnumerable<Silence> silences, DateTimeOffset now) =>
        silences.FirstOrDefault(silence => silence.IsInForce(now) && Mutes(silence, alert));

    public static bool Mutes(Silence silence, ActiveAlert alert) =>
        (silence.TenantId is null || silence.TenantId == alert.Key.TenantId)
        && silence.Matchers.All(matcher => Fits(matcher, alert.ValuesOf(matcher.Label)));

    private static bool Fits(Matcher matcher, IReadOnlyList<string> values) => matcher.Op switch
    {
        Equal => values.Contains(matcher.Value, StringComparer.Ordinal),
        NotEqual => !values.Contains(matcher.Value, StringComparer.Ordinal),
        _ => values.Any(value => FileSystemName.MatchesSimpleExpression(Escaped(matcher.Value), value, ignoreCase: false)),
    };

    // The library's own escape character has no meaning here.
    private static string Escaped(string glob) => glob.Replace("\\", "\\\\", StringComparison.Ordinal);
}
