using System.Text.Json.Serialization;

namespace AetherLink.CommandCenter.Deliveries.Endpoints;

/// <summary>Whose body an endpoint takes. The numbers are stored.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EndpointKind>))]
internal enum EndpointKind : short
{
    [JsonStringEnumMemberName("standard")]
    Standard = 0,
    [JsonStringEnumMemberName("slack")]
    Slack = 1,
    [JsonStringEnumMemberName("teams")]
    Teams = 2,
    [JsonStringEnumMemberName("discord")]
    Discord = 3,
}

internal static class EndpointKinds
{
    public const string Listed = "standard, slack, teams or discord";

    public static bool TryParse(string? text, out EndpointKind kind)
    {
        (var known, kind) = text switch
        {
            "standard" => (true, EndpointKind.Standard),
            "slack" => (true, EndpointKind.Slack),
            "teams" => (true, EndpointKind.Teams),
            "discord" => (true, EndpointKind.Discord),
            _ => (false, default),
        };
        return known;
    }

    /// <summary>By the hosts that these products give out; everything else takes the standard body.</summary>
    public static EndpointKind Guess(Uri url) => url.Host.ToLowerInvariant() switch
    {
        "hooks.slack.com" or "hooks.slack-gov.com" => EndpointKind.Slack,
        "discord.com" or "discordapp.com" or "ptb.discord.com" or "canary.discord.com"
            when url.AbsolutePath.StartsWith("/api/", StringComparison.Ordinal) => EndpointKind.Discord,
        // Workflows of Power Automate, in both of its domains, and the connectors that they replaced.
        var host when host.EndsWith(".logic.azure.com", StringComparison.Ordinal)
            || host.EndsWith(".powerplatform.com", StringComparison.Ordinal)
            || host.EndsWith(".webhook.office.com", StringComparison.Ordinal)
            || host == "outlook.office.com" => EndpointKind.Teams,
        _ => EndpointKind.Standard,
    };
}
