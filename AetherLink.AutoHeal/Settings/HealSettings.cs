using System.Collections.Immutable;
using AetherLink.AutoHeal.Governing;

namespace AetherLink.AutoHeal.Settings;

/// <summary>What the healer is told by its environment. <see cref="SettingsReader"/> reads it.</summary>
internal sealed record HealSettings
{
    /// <summary>How long a probe may take: a service that needs longer to say that it lives is not well.</summary>
    public static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    /// <summary>A restart waits for an orderly stop (10 s and a kill) and a start; beyond this it hangs.</summary>
    public static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(60);

    /// <summary>An engine that takes longer to answer a question hangs, and is as good as none.</summary>
    public TimeSpan EngineTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public required ImmutableArray<EnrolledService> Services { get; init; }

    /// <summary>What those need and nobody enrolled: watched, so that they are left alone while it is down.</summary>
    public ImmutableArray<EnrolledService> Needed { get; init; } = [];

    /// <summary>Also watches, without restarting it, what the Command Center's catalogue names.</summary>
    public bool PullsFromRegistry { get; init; }

    public required TimeSpan Interval { get; init; }

    public required GovernorLimits Limits { get; init; }

    /// <summary>How long after a restart a target has to become healthy.</summary>
    public TimeSpan VerifyWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the history is kept.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(90);

    /// <summary>A heal that has no end after this long was cut off with its healer.</summary>
    public TimeSpan Lease => CommandTimeout + VerifyWithin + TimeSpan.FromSeconds(30);
}

/// <summary>A resource of the mesh that may be restarted.</summary>
/// <param name="Name">The resource name.</param>
/// <param name="Probe">Where it is asked whether it lives.</param>
internal sealed record EnrolledService(string Name, Uri Probe)
{
    /// <summary>The scheme of a probe that signs in to a database: <c>connectionstring:aetherlink</c>.</summary>
    public const string ConnectionString = "connectionstring";
}
