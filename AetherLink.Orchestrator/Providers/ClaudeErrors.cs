using AetherLink.Orchestrator.Routing;
using Anthropic.Exceptions;

namespace AetherLink.Orchestrator.Providers;

/// <summary>What Anthropic says in a message of success, or in the middle of a stream.</summary>
internal static class ClaudeErrors
{
    public static void CheckStop(string? reason)
    {
        if (reason == "refusal") throw new ProviderFault(FaultKind.Refusal, "the model refused");
        if (reason == "max_tokens") throw new ProviderFault(FaultKind.InvalidAnswer, "the answer is longer than max_output_tokens");
    }

    /// <summary>event: error, data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}</summary>
    public static ProviderFault InStream(AnthropicSseException e) => new(Classify(e.Message), "it failed in the middle of its answer", e.Message, inner: e);

    private static FaultKind Classify(string text) => text switch
    {
        _ when Has(text, "rate_limit_error") => FaultKind.RateLimit,
        _ when Has(text, "authentication_error") || Has(text, "permission_error") || Has(text, "billing_error") => FaultKind.Credentials,
        _ when Has(text, "timeout_error") => FaultKind.Timeout,
        _ when Has(text, "invalid_request_error") => FaultKind.InvalidAnswer,
        _ => FaultKind.Overload,
    };

    private static bool Has(string text, string type) => text.Contains(type, StringComparison.Ordinal);
}
