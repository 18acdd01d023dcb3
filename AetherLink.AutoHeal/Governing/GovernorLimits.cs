using System.Collections.Immutable;

namespace AetherLink.AutoHeal.Governing;

/// <summary>The numbers the governor holds to. <see cref="GovernorArithmetic"/> says which combinations make sense.</summary>
internal sealed record GovernorLimits
{
    /// <summary>The window of both hourly limits, and the longest a restart is remembered.</summary>
    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Two, since a single lost packet is not an outage, and a third probe would cost another interval.</summary>
    public int FailuresToAct { get; init; } = 2;

    /// <summary>
    /// Further looks, at once, before a target is restarted for failed probes alone. Where one probe in a hundred fails by chance,
    /// two in a row are chance once in ten thousand checks, and four once in a hundred million.
    /// </summary>
    public int Confirmations { get; init; } = 2;

    /// <summary>Answers in a row before what was down is trusted again: one may be luck, or the process before the last.</summary>
    public int RecoveriesToTrust { get; init; } = 2;

    public TimeSpan StartUpGrace { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan Cooldown { get; init; } = TimeSpan.FromMinutes(5);

    public double BackoffFactor { get; init; } = 1.5;

    /// <summary>Where the backoff stops growing. At most an hour: older restarts are forgotten.</summary>
    public TimeSpan LongestCooldown { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a target stays healthy before its backoff starts over.</summary>
    public TimeSpan BackoffReset { get; init; } = TimeSpan.FromMinutes(10);

    public int RestartsPerHour { get; init; } = 3;

    public int FleetRestartsPerHour { get; init; } = 10;

    /// <summary>The share of the fleet that has to be down, and more, before the cause is sought elsewhere.</summary>
    public double BrakeShare { get; init; } = 0.3;

    /// <summary>In a fleet of three, one dead service is already a third: below this many the brake stays off.</summary>
    public int BrakeAtLeast { get; init; } = 3;

    /// <summary>
    /// The share of changes among the last <see cref="CheckHistory.Length"/> checks from which on a target flaps; at half of it, it
    /// has stopped. Nagios' proportion.
    /// </summary>
    public double FlapShare { get; init; } = 0.5;

    /// <summary>Everything is watched, and nothing restarted.</summary>
    public bool Observe { get; init; }

    /// <summary>What is watched and not restarted.</summary>
    public ImmutableHashSet<string> Observed { get; init; } = [];

    /// <summary>What a target needs: while one of these is down, the target is not restarted.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Dependencies { get; init; } =
        ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>A developer waits at the screen: the same rules, in seconds.</summary>
    public static GovernorLimits Development { get; } = new()
    {
        StartUpGrace = TimeSpan.FromSeconds(10),
        Cooldown = TimeSpan.FromSeconds(10),
    };

    /// <summary>The pause after the <paramref name="streak"/>th restart in a row, counted from one.</summary>
    public TimeSpan CooldownAfter(int streak)
    {
        if (streak <= 0)
            return TimeSpan.Zero;
        var seconds = Cooldown.TotalSeconds * Math.Pow(BackoffFactor, streak - 1);
        return seconds < LongestCooldown.TotalSeconds ? TimeSpan.FromSeconds(seconds) : LongestCooldown;
    }
}
