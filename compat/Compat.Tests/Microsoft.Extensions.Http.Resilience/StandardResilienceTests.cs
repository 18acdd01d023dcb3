using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace Compat.Tests.Resilience;

#pragma warning disable EXTEXP0001 // experimental in the real package, and so here

public sealed class StandardResilienceTests
{
    [Fact]
    public void Defaults_are_those_of_the_real_package()
    {
        var options = new HttpStandardResilienceOptions();

        Assert.Equal(1000, options.RateLimiter.DefaultRateLimiterOptions.PermitLimit);
        Assert.Equal(0, options.RateLimiter.DefaultRateLimiterOptions.QueueLimit);
        Assert.Equal(TimeSpan.FromSeconds(30), options.TotalRequestTimeout.Timeout);
        Assert.Equal(3, options.Retry.MaxRetryAttempts);
        Assert.Equal(TimeSpan.FromSeconds(2), options.Retry.Delay);
        Assert.Equal(DelayBackoffType.Exponential, options.Retry.BackoffType);
        Assert.True(options.Retry.UseJitter);
        Assert.True(options.Retry.ShouldRetryAfterHeader);
        Assert.Equal(0.1, options.CircuitBreaker.FailureRatio);
        Assert.Equal(100, options.CircuitBreaker.MinimumThroughput);
        Assert.Equal(TimeSpan.FromSeconds(30), options.CircuitBreaker.SamplingDuration);
        Assert.Equal(TimeSpan.FromSeconds(5), options.CircuitBreaker.BreakDuration);
        Assert.Equal(TimeSpan.FromSeconds(10), options.AttemptTimeout.Timeout);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task Transient_answer_is_retried_until_it_is_better(HttpStatusCode transient)
    {
        var server = new StubServer(attempt => new(attempt < 3 ? transient : HttpStatusCode.OK));
        using var client = server.ClientWith(_ => { });

        using var response = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(3, server.Attempts);
    }

    [Fact]
    public async Task Last_answer_is_given_when_no_retry_helped()
    {
        var server = new StubServer(_ => new(HttpStatusCode.ServiceUnavailable));
        using var client = server.ClientWith(_ => { });

        using var response = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(4, server.Attempts);
    }

    [Fact]
    public async Task Refused_connection_is_retried_and_a_mistake_is_not()
    {
        var server = new StubServer(attempt => attempt == 1
            ? throw new HttpRequestException("refused")
            : new(HttpStatusCode.BadRequest));
        using var client = server.ClientWith(_ => { });

        using var response = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(2, server.Attempts);
    }

    [Theory]
    [InlineData("POST", 1)]
    [InlineData("PUT", 1)]
    [InlineData("PATCH", 1)]
    [InlineData("DELETE", 1)]
    [InlineData("CONNECT", 1)]
    [InlineData("GET", 4)]
    [InlineData("HEAD", 4)]
    public async Task Unsafe_methods_are_not_retried_when_disabled(string method, int attempts)
    {
        var server = new StubServer(_ => throw new HttpRequestException("refused"));
        using var client = server.ClientWith(options => options.Retry.DisableForUnsafeHttpMethods());
        using var request = new HttpRequestMessage(new HttpMethod(method), "/");

        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request));

        Assert.Equal(attempts, server.Attempts);
    }

    [Fact]
    public async Task Retry_after_header_decides_the_delay()
    {
        var server = new StubServer(attempt =>
        {
            var response = new HttpResponseMessage(attempt == 1 ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK);
            response.Headers.RetryAfter = new(TimeSpan.Zero);
            return response;
        });
        using var client = server.ClientWith(options => options.Retry.Delay = TimeSpan.FromHours(1));

        using var response = await client.GetAsync("/").WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Attempt_that_hangs_is_given_up_and_tried_again()
    {
        var server = new StubServer(attempt => attempt == 1 ? null : new(HttpStatusCode.OK));
        using var client = server.ClientWith(options => options.AttemptTimeout.Timeout = TimeSpan.FromMilliseconds(50));

        using var response = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, server.Attempts);
    }

    [Fact]
    public async Task Whole_request_ends_with_the_total_timeout()
    {
        var server = new StubServer(_ => null);
        using var client = server.ClientWith(options =>
        {
            options.TotalRequestTimeout.Timeout = TimeSpan.FromMilliseconds(100);
            options.AttemptTimeout.Timeout = TimeSpan.FromMilliseconds(100);
        });

        await Assert.ThrowsAsync<TimeoutRejectedException>(() => client.GetAsync("/"));
        Assert.Equal(Timeout.InfiniteTimeSpan, client.Timeout);
    }

    [Fact]
    public async Task Circuit_opens_and_the_server_is_left_alone()
    {
        var server = new StubServer(_ => new(HttpStatusCode.ServiceUnavailable));
        using var client = server.ClientWith(options =>
        {
            options.Retry.MaxRetryAttempts = 1;
            options.CircuitBreaker.MinimumThroughput = 2;
            options.CircuitBreaker.BreakDuration = TimeSpan.FromMinutes(10);
        });
        using var last = await client.GetAsync("/");

        await Assert.ThrowsAsync<BrokenCircuitException>(() => client.GetAsync("/"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, last.StatusCode);
        Assert.Equal(2, server.Attempts);
    }

    [Fact]
    public async Task Open_circuit_stays_open_for_the_next_client_of_the_same_name()
    {
        var server = new StubServer(_ => new(HttpStatusCode.ServiceUnavailable));
        using var client = server.ClientWith(options =>
        {
            options.Retry.MaxRetryAttempts = 1;
            options.CircuitBreaker.MinimumThroughput = 2;
            options.CircuitBreaker.BreakDuration = TimeSpan.FromMinutes(10);
        });
        using var last = await client.GetAsync("/");
        using var next = server.NextClient();

        await Assert.ThrowsAsync<BrokenCircuitException>(() => next.GetAsync("/"));
    }

    [Fact]
    public async Task Requests_beyond_the_limit_are_turned_away_and_not_retried()
    {
        var server = new StubServer(_ => null);
        using var client = server.ClientWith(options => options.RateLimiter.DefaultRateLimiterOptions.PermitLimit = 1);
        using var cancel = new CancellationTokenSource();
        var first = client.GetAsync("/", cancel.Token);

        await Assert.ThrowsAsync<RateLimiterRejectedException>(() => client.GetAsync("/"));

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(1, server.Attempts);
    }

    [Fact]
    public async Task Handlers_are_taken_away_again()
    {
        var server = new StubServer(_ => new(HttpStatusCode.ServiceUnavailable));
        using var client = server.ClientWith(_ => { }, builder => builder.RemoveAllResilienceHandlers());

        using var response = await client.GetAsync("/");

        Assert.Equal(1, server.Attempts);
    }

    [Fact]
    public void Contradicting_timeouts_are_refused_with_the_reason()
    {
        var server = new StubServer(_ => null);

        var refusal = Assert.Throws<OptionsValidationException>(() => server.ClientWith(options =>
        {
            options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(5);
            options.CircuitBreaker.SamplingDuration = TimeSpan.FromSeconds(15);
            options.Retry.MaxRetryAttempts = -1;
        }));

        Assert.Contains("total request timeout (5 s) must not be shorter", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("sampling duration (15 s) must be at least twice", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(HttpRetryStrategyOptions.MaxRetryAttempts), refusal.Message, StringComparison.Ordinal);
    }
}
