using System.ClientModel.Primitives;
using System.Text.Json;
using AetherLink.Orchestrator.Routing;
using OpenAI.Chat;

namespace AetherLink.Orchestrator.Providers;

/// <summary>What OpenAI, and whoever speaks its dialect, says in the middle of a stream. To the SDK it is an update like any other.</summary>
internal static class OpenAiErrors
{
    /// <summary>data: {"error":{"message":"The server had an error","type":"server_error","code":null}}</summary>
    /// <returns>Null for what is no error.</returns>
    public static ProviderFault? InStream(StreamingChatCompletionUpdate update)
    {
        // What has something of an answer is none, and that is nearly all of a stream.
        if (update.ContentUpdate.Count > 0 || update.FinishReason is not null || update.Usage is not null) return null;
        using var json = JsonDocument.Parse(ModelReaderWriter.Write(update).ToMemory());
        if (!json.RootElement.TryGetProperty("error", out var error) || error.ValueKind is not (JsonValueKind.Object or JsonValueKind.String)) return null;
        var said = error.GetRawText();
        return new ProviderFault(Classify(said), "it failed in the middle of its answer", said);
    }

    private static FaultKind Classify(string said) => said switch
    {
        _ when Has(said, "insufficient_quota") || Has(said, "invalid_api_key") => FaultKind.Credentials,
        _ when Has(said, "rate_limit") => FaultKind.RateLimit,
        _ when Has(said, "content_filter") || Has(said, "content_policy") => FaultKind.Refusal,
        _ when Has(said, "invalid_request_error") => FaultKind.InvalidAnswer,
        _ => FaultKind.Overload,
    };

    private static bool Has(string said, string what) => said.Contains(what, StringComparison.Ordinal);
}
