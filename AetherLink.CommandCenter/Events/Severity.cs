using System.Text.Json.Serialization;

namespace AetherLink.CommandCenter.Events;

/// <summary>How bad it is. The numbers are stored.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
internal enum Severity : short
{
    [JsonStringEnumMemberName("info")]
    Info = 0,
    [JsonStringEnumMemberName("warning")]
    Warning = 1,
    [JsonStringEnumMemberName("error")]
    Error = 2,
    [JsonStringEnumMemberName("critical")]
    Critical = 3,
}

internal static class SeverityNames
{
    public const string Listed = "info, warning, error or critical";

    public static string Name(this Severity severity) => severity switch
    {
        Severity.Info => "info",
        Severity.Warning => "warning",
        Severity.Error => "error",
        _ => "critical",
    };

    public static bool TryParse(string? text, out Severity severity)
    {
        (var known, severity) = text switch
        {
            "info" => (true, Severity.Info),
            "warning" => (true, Severity.Warning),
            "error" => (true, Severity.Error),
            "critical" => (true, Severity.Critical),
            _ => (false, default),
        };
        return known;
    }
}
