using System.Threading.RateLimiting;
using Polly.RateLimiting;

namespace Polly;

/// <summary>Adds a rate limiter to a pipeline.</summary>
public static class RateLimiterResiliencePipelineBuilderExtensions
{
    /// <summary>Adds a rate limiter; without one of its own, a concurrency limiter that the pipeline disposes.</summary>
    public static TBuilder AddRateLimiter<TBuilder>(this TBuilder builder, RateLimiterStrategyOptions options)
        where TBuilder : ResiliencePipelineBuilderBase
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);

        return builder.AddStrategy(_ => Create(options), options);
    }

    private static RateLimiterStrategy Create(RateLimiterStrategyOptions options)
    {
        if (options.RateLimiter is { } limiter)
            return new RateLimiterStrategy(limiter, options.OnRejected, owned: null);

        var own = new ConcurrencyLimiter(options.DefaultRateLimiterOptions);
        return new RateLimiterStrategy(
            arguments => own.AcquireAsync(cancellationToken: arguments.Context.CancellationToken),
            options.OnRejected,
            own);
    }
}
