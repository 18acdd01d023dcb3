namespace AetherLink.CommandCenter.Alerts;

/// <summary>The bounds of rules, silences and templates.</summary>
internal static class AlertLimits
{
    public const int NameLength = 200;
    public const int ReasonLength = 500;
    public const int PathLength = 200;

    /// <summary>A day: a takeover reads the longest window again.</summary>
    public const int WindowSeconds = 86_400;

    /// <summary>16 bytes each, for every window.</summary>
    public const int Threshold = 10_000;

    /// <summary>For one tenant, and for those of all tenants.</summary>
    public const int RulesOfATenant = 100;

    public const int RulesInAll = 2_000;
    public const int TemplatesOfATenant = 100;

    /// <summary>That have not ended.</summary>
    public const int SilencesOfATenant = 200;

    public const int Matchers = 10;

    /// <summary>Longer is a rule to be disabled.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromDays(90);

    /// <summary>How long before its end a silence warns.</summary>
    public static readonly TimeSpan Expiring = TimeSpan.FromHours(1);

    /// <summary>Characters of a group's name; a longer value is cut.</summary>
    public const int GroupLength = 200;

    /// <summary>The newest of the events that raised an alert, which are named in it.</summary>
    public const int EventsNamed = 10;

    /// <summary>A body of this slice is far smaller.</summary>
    public const int BodyBytes = 32 * 1024;

    public const int PreviewHours = 168;
}
