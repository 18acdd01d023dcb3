namespace AetherLink.AutoHeal.Governing;

internal enum Ruling
{
    /// <summary>There is nothing to heal.</summary>
    Leave,

    /// <summary>Go ahead; the restart is counted already.</summary>
    Restart,

    /// <summary>It needs a restart, and a limit forbids it.</summary>
    Suppress,
}

/// <param name="Ruling">What may be done.</param>
/// <param name="Bar">The limit that stands in the way, as a word that does not change while it stands.</param>
/// <param name="Why">The same for a person, with the figures.</param>
/// <param name="News">The limit is another than last time: worth an event.</param>
internal sealed record Verdict(Ruling Ruling, string? Bar, string Why, bool News)
{
    /// <summary>From here on it is a person's: the healer stops.</summary>
    public bool Escalates { get; init; }
}

/// <summary>Who wants a restart, and what the governor cannot know by itself.</summary>
internal sealed record Request
{
    public static readonly Request Automatic = new();

    /// <summary>A person asks: the target need not be down, but the limits hold.</summary>
    public bool ByPerson { get; init; }

    /// <summary>A person takes the responsibility: only a heal under way still forbids it.</summary>
    public bool Force { get; init; }

    /// <summary>Why the target is under maintenance, if it is.</summary>
    public string? Maintenance { get; init; }

    /// <summary>Why it is another replica's to act, if it is.</summary>
    public string? OffDuty { get; init; }
}

/// <summary>The words of <see cref="Verdict.Bar"/>.</summary>
internal static class Bars
{
    public const string Healing = "healing";
    public const string NotOnRecord = "not_on_record";
    public const string NotEnrolled = "not_enrolled";
    public const string NoControl = "no_mesh_control";
    public const string Maintenance = "maintenance";
    public const string OffDuty = "off_duty";
    public const string Dependency = "dependency:";
    public const string Brake = "fleet_brake";
    public const string Cooldown = "cooldown";
    public const string HourlyLimit = "hourly_limit";
    public const string Escalated = "escalated";
    public const string Flapping = "flapping";
    public const string Observe = "observe";
    public const string FleetLimit = "fleet_hourly_limit";
}
