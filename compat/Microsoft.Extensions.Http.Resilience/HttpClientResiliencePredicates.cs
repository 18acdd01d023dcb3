using System.Diagnostics.CodeAnalysis;
using System.Net;
using Polly;
using Polly.Timeout;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Which outcomes of a request may be better the next time.</summary>
public static class HttpClientResiliencePredicates
{
    /// <summary>5xx, 408, 429, a failed connection, an attempt that timed out.</summary>
    public static bool IsTransient(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is HttpRequestException or TimeoutRejectedException
        || outcome.Result?.StatusCode
            is >= HttpStatusCode.InternalServerError
            or HttpStatusCode.RequestTimeout
            or HttpStatusCode.TooManyRequests;

    /// <summary>As without a token, and a connection that timed out while the caller still waits.</summary>
    [Experimental("EXTEXP0001")]
    public static bool IsTransient(Outcome<HttpResponseMessage> outcome, CancellationToken cancellationToken) =>
        IsTransient(outcome) || IsConnectionTimeout(outcome, cancellationToken);

    // SocketsHttpHandler reports its ConnectTimeout as a cancellation around a TimeoutException.
    internal static bool IsConnectionTimeout(Outcome<HttpResponseMessage> outcome, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested
        && outcome.Exception is OperationCanceledException
        {
            Source: "System.Private.CoreLib",
            InnerException: TimeoutException,
        };
}
