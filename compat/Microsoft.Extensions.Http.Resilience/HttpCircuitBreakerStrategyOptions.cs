using Polly.CircuitBreaker;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Options of the circuit breaker: it counts transient failures.</summary>
public class HttpCircuitBreakerStrategyOptions : CircuitBreakerStrategyOptions<HttpResponseMessage>
{
    /// <summary>Counts what <see cref="HttpClientResiliencePredicates"/> calls transient.</summary>
    public HttpCircuitBreakerStrategyOptions() =>
        ShouldHandle = arguments => new(HttpClientResiliencePredicates.IsTransient(arguments.Outcome));
}
