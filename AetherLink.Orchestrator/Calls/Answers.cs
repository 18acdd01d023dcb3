using System.Text.Json.Serialization;

namespace AetherLink.Orchestrator.Calls;

/// <summary>The answer to a call.</summary>
internal sealed record OrchestrateAnswer(
    string Status,
    string Intent,
    string UsedProvider,
    string Provider,
    string? Model,
    double LatencyMs,
    double OverheadMs,
    IReadOnlyList<Attempt> Attempts,
    Usage Usage,
    object Result)
{
    /// <summary>Given before to the same question: nobody was asked, and it cost nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Cached { get; init; }

    public static OrchestrateAnswer Of(Call call, CallOutcome outcome) => new(
        "ok", call.Asked, outcome.Provider!, outcome.Provider!, outcome.Model, outcome.LatencyMs, outcome.OverheadMs,
        outcome.Attempts, outcome.Usage, outcome.Result!)
    {
        Cached = outcome.Cached,
    };
}

/// <summary>Why one provider gave no answer.</summary>
internal sealed record ProviderError(string Provider, string Error);

/// <summary>What everybody's failure is answered with.</summary>
internal sealed record AllFailedDetail(
    string Message, string Intent, string TenantId, IReadOnlyList<ProviderError> Errors, IReadOnlyList<string> ProviderOrder, double LatencyMs)
{
    public static AllFailedDetail Of(Call call, CallOutcome outcome) => new(
        outcome.BrokeOff ? "The answer broke off" : "All AI providers failed", call.Asked, call.Question.TenantId,
        [.. outcome.Attempts.Select(a => new ProviderError(a.Provider, $"{(a.Outcome == Outcomes.Failed ? a.ErrorClass : a.Outcome)}: {a.Error}"))],
        outcome.Order, outcome.LatencyMs);
}

/// <summary>
/// 502. A problem whose <c>detail</c> is an object: clients of the first version read it there, and others from the top level.
/// </summary>
internal sealed record AllFailedProblem(
    string Title, int Status, AllFailedDetail Detail, string Message, string Intent, string TenantId,
    IReadOnlyList<ProviderError> Errors, IReadOnlyList<string> ProviderOrder, double LatencyMs, string? TraceId)
{
    public static AllFailedProblem Of(AllFailedDetail d, string? traceId) => new(
        "Bad Gateway", StatusCodes.Status502BadGateway, d, d.Message, d.Intent, d.TenantId, d.Errors, d.ProviderOrder, d.LatencyMs, traceId);
}
