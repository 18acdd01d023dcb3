using System.ComponentModel.DataAnnotations;

namespace AetherLink.CommandCenter.Mesh;

/// <summary>Section <c>Mesh</c> of the configuration.</summary>
internal sealed record MeshOptions
{
    /// <summary>Between two rounds of probes. Absent: 2 s in Development, 10 s elsewhere.</summary>
    [Range(0.1, 3600)]
    public double? ProbeSeconds { get; init; }

    /// <summary>A service that has not answered by then is down.</summary>
    [Range(0.1, 60)]
    public double ProbeTimeoutSeconds { get; init; } = 2;

    /// <summary>How long a registered service counts after it was last heard of.</summary>
    [Range(1, 86_400)]
    public double LeaseSeconds { get; init; } = 300;

    /// <summary>A service that was never seen up may take this long to start before its failure is announced.</summary>
    [Range(0, 3600)]
    public double GraceSeconds { get; init; } = 30;

    public TimeSpan ProbeInterval(IHostEnvironment environment) =>
        TimeSpan.FromSeconds(ProbeSeconds ?? (environment.IsDevelopment() ? 2 : 10));
}
