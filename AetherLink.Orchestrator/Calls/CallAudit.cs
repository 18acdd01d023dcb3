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

    /// <summary>The errors of the attempts without the providers' own words, where those are in the record: for whoever is only told of the call.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string?>? Gists { get; init; }
}

/// <summary>
/// Puts every call into the spool of the audit topic before its answer ends. Room for the record is kept before anybody is asked:
/// when there is none, a call is refused before it costs anything. A disk that takes no more is only found out by writing to it; then
/// the next calls are refused until it has drained a little.
/// </summary>
internal sealed class CallAudit(
    [FromKeyedServices(Topics.OrchestratorAudit)] SpooledTopic spool, IConfiguration configuration, TimeProvider clock, ILogger<CallAudit> logger)
{
    public const string PromptsKey = "AUDIT_PROMPTS";

    /// <summary>Enough to see what was asked; a record must fit into a message of Kafka's.</summary>
    private const int MaxTextChars = 20_000;

    private const int MaxCallerChars = 200;

    /// <summary>Of a record without its texts and attempts: names of fields, ids, times and numbers.</summary>
    private const int FrameBytes = 1_000;

    /// <summary>Of an attempt's fields, without its texts.</summary>
    private const int AttemptBytes = 300;

    /// <summary>A provider's error, and why it has its place.</summary>
    private const int AttemptChars = 2 * 300;

    /// <summary>A name of a provider, its model's, and of an intent.</summary>
    private const int NameChars = 200;

    /// <summary>A character that JSON escapes is six, and no other is longer.</summary>
    private const int MostBytesPerChar = 6;

    /// <summary>An empty spool that took nothing has trouble with its disk, and no draining will tell when that is over.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    private static readonly Dictionary<string, string> Headers = new(StringComparer.Ordinal) { ["type"] = "ai.call", ["version"] = "1" };

    private readonly bool _withPrompts = configuration.GetValue(PromptsKey, false);
    private long _fullAt = long.MaxValue;
    private long _refusedAt;

    public bool IsOpen => spool.Pending is var pending
        && (pending < Volatile.Read(ref _fullAt)
            || (pending == 0 && clock.GetElapsedTime(Volatile.Read(ref _refusedAt)) >= AskAgain));

    /// <summary>Keeps room for the record of a call, whatever its end. Null when there is none: then it must not be made.</summary>
    public int? Reserve(Question question, int providers)
    {
        var chars = (_withPrompts ? Math.Min(question.Text.Length, MaxTextChars) : 0)
            + 2 * question.TenantId.Length + 3 * NameChars + MaxCallerChars + providers * (NameChars + (_withPrompts ? 2 : 1) * AttemptChars);
        var room = FrameBytes + providers * AttemptBytes + MostBytesPerChar * chars;
        return IsOpen && spool.TryReserve(room) ? room : null;
    }

    public bool TryRecord(Call call, string caller, CallOutcome outcome, string? traceId)
    {
        var question = call.Question;
        return TryRecord(
            new AuditRecord(
                Guid.CreateVersion7().ToString(), question.TenantId, question.Intent.Name, question.Intent.Version, outcome.Outcome, outcome.Provider,
                outcome.Model, _withPrompts ? outcome.Tried : outcome.Told, outcome.LatencyMs, outcome.OverheadMs, outcome.Usage,
                OneLine.Of(caller, MaxCallerChars), traceId, clock.GetUtcNow())
            {
                Cached = outcome.Cached,
                RejectedBy = outcome.Rejection?.Class,
                Text = _withPrompts ? Beginning(question.Text) : null,
                Gists = _withPrompts && outcome.Told != outcome.Tried ? [.. outcome.Told.Select(attempt => attempt.Error)] : null,
            },
            call.Room);
    }

    public bool TryRecord(AuditRecord record, int room = 0)
    {
        if (spool.TryAppend(record.TenantId, JsonSerializer.SerializeToUtf8Bytes(record, CallsJson.Wire.AuditRecord), Headers, room))
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
