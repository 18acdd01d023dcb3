namespace AetherLink.Orchestrator.Routing;

/// <summary>Why a provider gave no usable answer. Each class has its own consequence in <see cref="Breaker"/>.</summary>
internal enum FaultKind
{
    Credentials,
    RateLimit,
    Timeout,
    Overload,
    Refusal,
    InvalidAnswer,
    Network,
}

/// <summary>
/// The one exception by which a provider says that it failed, and how. The gist is in words of ours; the detail is the provider's, which
/// may be long, and may repeat what it was asked: whoever asked is told it, and logs, events and other people have the gist.
/// </summary>
internal sealed class ProviderFault(FaultKind kind, string gist, string? detail = null, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(OneLine.Of(string.IsNullOrEmpty(detail) ? gist : $"{gist}: {detail}", MaxChars), inner)
{
    /// <summary>Enough to recognise an error by; an audit record has one of each provider, and must fit into a message of Kafka's.</summary>
    private const int MaxChars = 300;

    public FaultKind Kind { get; } = kind;

    public string Gist { get; init; } = OneLine.Of(gist, MaxChars);

    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>The provider has refused before it began, or was never reached: nobody bills that.</summary>
    public bool TookNothing { get; init; } = inner is not null && NeverReached(inner);

    /// <summary>SDKs wrap what the transport threw, in exceptions of their own.</summary>
    public static ProviderFault? Within(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is ProviderFault fault) return fault;
        }
        return null;
    }

    public static bool NeverReached(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is HttpRequestException
                {
                    HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                        or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
                })
            {
                return true;
            }
        }
        return false;
    }
}

internal static class FaultKinds
{
    /// <summary>The name on the wire: in attempts, audit records and metrics.</summary>
    public static string Wire(this FaultKind kind) => kind switch
    {
        FaultKind.Credentials => "credentials",
        FaultKind.RateLimit => "rate_limit",
        FaultKind.Timeout => "timeout",
        FaultKind.Overload => "overload",
        FaultKind.Refusal => "refusal",
        FaultKind.InvalidAnswer => "invalid_answer",
        FaultKind.Network => "network",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
