using System.Threading.RateLimiting;

namespace Polly.RateLimiting;

/// <summary>What is known of a call that was turned away.</summary>
/// <param name="context">The context of the call.</param>
/// <param name="lease">The lease that was not acquired.</param>
public readonly struct OnRateLimiterRejectedArguments(ResilienceContext context, RateLimitLease lease)
{
    /// <summary>The context of the call.</summary>
    public ResilienceContext Context { get; } = context;

    /// <summary>The lease that was not acquired.</summary>
    public RateLimitLease Lease { get; } = lease;
}
