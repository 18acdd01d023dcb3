using Polly.Timeout;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Options of a timeout over outgoing requests.</summary>
public class HttpTimeoutStrategyOptions : TimeoutStrategyOptions;
