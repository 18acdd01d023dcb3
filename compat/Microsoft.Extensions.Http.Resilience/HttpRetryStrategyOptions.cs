using Polly;
using Polly.Retry;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Options of the retry: transient failures, three times, exponentially from two seconds, with jitter.</summary>
public class HttpRetryStrategyOptions : RetryStrategyOptions<HttpResponseMessage>
{
    private bool _shouldRetryAfterHeader;

    /// <summary>Retries what <see cref="HttpClientResiliencePredicates"/> calls transient.</summary>
    public HttpRetryStrategyOptions()
    {
        ShouldHandle = arguments => new(
            HttpClientResiliencePredicates.IsTransient(arguments.Outcome)
            || HttpClientResiliencePredicates.IsConnectionTimeout(
                arguments.Outcome, arguments.Context.CancellationToken));
        BackoffType = DelayBackoffType.Exponential;
        UseJitter = true;
        ShouldRetryAfterHeader = true;
    }

    /// <summary>Whether a <c>Retry-After</c> header decides the delay.</summary>
    public bool ShouldRetryAfterHeader
    {
        get => _shouldRetryAfterHeader;
        set
        {
            _shouldRetryAfterHeader = value;
            DelayGenerator = value ? arguments => new(RetryAfter(arguments.Outcome.Result)) : null;
        }
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage? response)
    {
        var delay = response?.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - TimeProvider.System.GetUtcNow(),
            _ => (TimeSpan?)null,
        };

        // A time that has passed means now.
        return delay < TimeSpan.Zero ? TimeSpan.Zero : delay;
    }
}
