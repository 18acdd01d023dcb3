using System.ComponentModel.DataAnnotations;

namespace AetherLink.CommandCenter.Deliveries;

/// <summary>Section <c>Deliveries</c> of the configuration.</summary>
internal sealed record DeliveryOptions
{
    /// <summary>Requests under way to one endpoint, from one replica.</summary>
    [Range(1, 1_000)]
    public int EndpointConcurrency { get; init; } = 32;

    /// <summary>Requests under way in all, from one replica: bounds the sockets and the memory.</summary>
    [Range(1, 10_000)]
    public int Concurrency { get; init; } = 512;

    /// <summary>An attempt, from the name's resolution to the answer's head.</summary>
    [Range(0.1, 60)]
    public double TimeoutSeconds { get; init; } = 15;

    /// <summary>At most one notification for an endpoint's rule, tenant and group in this time.</summary>
    [Range(0, 86_400)]
    public double DedupSeconds { get; init; } = 300;

    /// <summary>How long deliveries and their attempts are kept.</summary>
    [Range(1, 3_650)]
    public int RetentionDays { get; init; } = 30;

    public TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSeconds);

    /// <summary>Longer than any attempt and its recording take: whoever exceeds it has lost its database, or its processor.</summary>
    public TimeSpan Lease => Timeout + TimeSpan.FromSeconds(15);

    public TimeSpan DedupWindow => TimeSpan.FromSeconds(DedupSeconds);
}
