using System.Text.Json.Serialization;
using AetherLink.CommandCenter.Events.Querying;

namespace AetherLink.CommandCenter.AiUsage;

/// <summary>
/// How the AI calls of the last full or begun hours went. Rates are percentages; without calls there is none. Percentiles are
/// within 2.5 %.
/// </summary>
internal sealed record AiUsageReport(
    string Status, int Hours, AiFigures Total, IReadOnlyDictionary<string, AiFigures> ByIntent,
    IReadOnlyDictionary<string, AiFigures> ByProvider, IReadOnlyList<AiHour> ByHour)
{
    /// <summary>The hours by what was asked for, the most used first; where nothing was, nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<AiSeries>? Series { get; init; }
}

/// <param name="Name">The intent, provider or tenant; null for all that have no series of their own.</param>
/// <param name="ByHour">Hours with calls, the oldest first.</param>
internal sealed record AiSeries(string? Name, IReadOnlyList<AiHourSum> ByHour);

internal sealed record AiHourSum(DateTimeOffset Hour, long Calls, long Succeeded, long InputTokens, long OutputTokens, decimal CostUsd);

internal sealed record AiFigures(
    long Calls, long Succeeded, long Fallbacks, double? SuccessRate, AiLatency LatencyMs, long InputTokens, long OutputTokens,
    decimal CostUsd);

internal sealed record AiLatency(double? P50, double? P95, double? P99);

internal sealed record AiHour(DateTimeOffset Hour, AiFigures Figures);

internal sealed record AiCallPage(string Status, int Count, string? NextCursor, IReadOnlyList<RecordedCall> Calls);

/// <summary>A call with the chain that was tried.</summary>
internal sealed record RecordedCall(
    [property: JsonIgnore] long Sequence, string CallId, string TenantId, string Intent, string Outcome, string? Provider, string? Model,
    RawJson Attempts, bool FellBack, double LatencyMs, double OverheadMs, AiTokens Usage, string? Caller, string? TraceId,
    DateTimeOffset Timestamp, int? PromptVersion)
{
    /// <summary>Of a call that failed: what is to be done about the provider that is nearest to an answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AiTriage? Triage { get; init; }
}
