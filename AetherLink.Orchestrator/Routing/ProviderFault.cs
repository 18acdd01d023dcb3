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

/// <summary>The one exception by which a provider says that it failed, and how.</summary>
internal sealed class ProviderFault(FaultKind kind, string message, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(message, inner)
{
    public FaultKind Kind { get; } = kind;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>SDKs wrap what the transport threw, in exceptions of their own.</summary>
    public static ProviderFault? Within(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is ProviderFault fault) return fault;
        }
        return null;
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
