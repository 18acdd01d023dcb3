using System.Text.Json;
using System.Text.Json.Serialization;
using AetherLink.Orchestrator.Providers;
using AetherLink.Orchestrator.Routing;
using AetherLink.ServiceDefaults;

namespace AetherLink.Orchestrator.Calls;

/// <summary>One call as it is kept: who, what, by whom, at what cost, and no text of it unless AUDIT_PROMPTS asks for it.</summary>
internal sealed record AuditRecord(
    string CallId,
    string TenantId,
    string Intent,
    int PromptVersion,
    string Outcome,
    string? Provider,
    string? Model,
    IReadOnlyList<Attempt> Attempts,
    double LatencyMs,
    double OverheadMs,
    Usage Usage,
    string Caller,
    string? TraceId,
    DateTimeOffset Timestamp)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Cached { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RejectedBy { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }
}

/// <summary>
/// Puts every call into the spool of the audit topic before its answer ends. When the spool is full, calls are refused rather
/// than made without a record; the next ones are refused before they cost anything, until it has drained a little.
/// </summary>
internal sealed class CallAudit(
    [FromKeyedServices(Topics.OrchestratorAudit)] SpooledTopic spool, IConfiguration configuration, TimeProvider clock, ILogger<CallAudit> logger)
{
    public const string PromptsKey = "AUDIT_PROMPTS";

    /// <summary>Enough to see what was asked; a record must fit into a message of Kafka's.</summary>
    private const int MaxTextChars = 20_000;

    private const int MaxCallerChars = 200;

    /// <summary>An empty spool that took nothing has trouble with its disk, and no draining will tell when that is over.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    private static readonly Dictionary<string, string> Headers = new(StringComparer.Ordinal) { ["type"] = "ai.call", ["version"] = "1" };

    private readonly bool _withPrompts = configuration.GetValue(PromptsKey, false);
    private long _fullAt = long.MaxValue;
    private long _refusedAt;

    public bool IsOpen => spool.Pending is var pending
        && (pending < Volatile.Read(ref _fullAt)
            || (pending == 0 && clock.GetElapsedTime(Volatile.Read(ref _refusedAt)) >= AskAgain));

    public bool TryRecord(Question question, string caller, CallOutcome outcome, string? traceId) => TryRecord(new AuditRecord(
        Guid.CreateVersion7().ToString(), question.TenantId, question.Intent.Name, question.Intent.Version, outcome.Outcome, outcome.Provider, outcome.Model,
        _withPrompts ? outcome.Tried : outcome.Told, outcome.LatencyMs, outcome.OverheadMs, outcome.Usage, OneLine.Of(caller, MaxCallerChars), traceId, clock.GetUtcNow())
    {
        Cached = outcome.Cached,
        RejectedBy = outcome.Rejection?.Class,
        Text = _withPrompts ? Beginning(question.Text) : null,
    });

    public bool TryRecord(AuditRecord record)
    {
        if (spool.TryAppend(record.TenantId, JsonSerializer.SerializeToUtf8Bytes(record, CallsJson.Wire.AuditRecord), Headers))
        {
            Volatile.Write(ref _fullAt, long.MaxValue);
            return true;
        }
        Volatile.Write(ref _refusedAt, clock.GetTimestamp());
        if (Interlocked.Exchange(ref _fullAt, spool.Pending) == long.MaxValue) Log.AuditRefused(logger);
        return false;
    }

    private static string Beginning(string text) => text.Length <= MaxTextChars
        ? text
        : text[..(char.IsHighSurrogate(text[MaxTextChars - 1]) ? MaxTextChars - 1 : MaxTextChars)];
}
