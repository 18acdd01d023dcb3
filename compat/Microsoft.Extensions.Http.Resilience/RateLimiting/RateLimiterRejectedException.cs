namespace Polly.RateLimiting;

/// <summary>A call was turned away by the rate limiter.</summary>
public sealed class RateLimiterRejectedException : ExecutionRejectedException
{
    private const string DefaultMessage = "The operation could not be executed because it was rejected by the rate limiter.";

    /// <summary>Turned away, with no word of when to come back.</summary>
    public RateLimiterRejectedException()
        : base(DefaultMessage)
    {
    }

    /// <summary>Turned away until <paramref name="retryAfter"/> has passed.</summary>
    public RateLimiterRejectedException(TimeSpan retryAfter)
        : base($"{DefaultMessage} It can be retried after '{retryAfter}'.") => RetryAfter = retryAfter;

    /// <summary>When to come back, if the limiter says so.</summary>
    public TimeSpan? RetryAfter { get; }
}
