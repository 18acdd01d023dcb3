using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>The annotations of every strategy's options, and what must hold between them.</summary>
internal sealed class HttpStandardResilienceOptionsValidator : IValidateOptions<HttpStandardResilienceOptions>
{
    public ValidateOptionsResult Validate(string? name, HttpStandardResilienceOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        (string Member, object? Value)[] strategies =
        [
            (nameof(options.RateLimiter), options.RateLimiter),
            (nameof(options.TotalRequestTimeout), options.TotalRequestTimeout),
            (nameof(options.Retry), options.Retry),
            (nameof(options.CircuitBreaker), options.CircuitBreaker),
            (nameof(options.AttemptTimeout), options.AttemptTimeout),
        ];
        foreach (var (member, value) in strategies)
        {
            if (value is null)
            {
                result.AddError("A value is required.", member);
                continue;
            }

            var faults = new List<ValidationResult>();
            Validator.TryValidateObject(value, new ValidationContext(value), faults, validateAllProperties: true);
            foreach (var fault in faults)
                result.AddError(fault.ErrorMessage ?? "is invalid", member);
        }

        if (Array.TrueForAll(strategies, strategy => strategy.Value is not null))
            AddContradictions(result, options);
        return result.Build();
    }

    private static void AddContradictions(ValidateOptionsResultBuilder result, HttpStandardResilienceOptions options)
    {
        var attempt = options.AttemptTimeout.Timeout;
        var total = options.TotalRequestTimeout.Timeout;
        if (attempt > total)
            result.AddError(FormattableString.Invariant(
                $"The total request timeout ({total.TotalSeconds} s) must not be shorter than the attempt timeout ({attempt.TotalSeconds} s)."));

        // Fewer than two attempts in a sample would open the circuit on a single slow call.
        var sampling = options.CircuitBreaker.SamplingDuration;
        if (sampling < attempt * 2)
            result.AddError(FormattableString.Invariant(
                $"The circuit breaker's sampling duration ({sampling.TotalSeconds} s) must be at least twice the attempt timeout ({attempt.TotalSeconds} s)."));
    }
}
