using Polly.RateLimiting;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Options of the rate limiter over outgoing requests.</summary>
public class HttpRateLimiterStrategyOptions : RateLimiterStrategyOptions;
