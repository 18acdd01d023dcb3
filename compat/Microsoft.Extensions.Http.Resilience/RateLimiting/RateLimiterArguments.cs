namespace Polly.RateLimiting;

/// <summary>What a limiter is asked with.</summary>
/// <param name="context">The context of the call.</param>
public readonly struct RateLimiterArguments(ResilienceContext context)
{
    /// <summary>The context of the call.</summary>
    public ResilienceContext Context { get; } = context;
}
