using AetherLink.Orchestrator.Calls;
using AetherLink.Orchestrator.Providers;

namespace AetherLink.Orchestrator.Governance.Usage;

/// <summary>What usage is counted by. A call is its answer's provider's, and without one nobody's; what others took at it is theirs.</summary>
internal sealed record UsageKey(DateTimeOffset Hour, string TenantId, string Intent, string Provider);

/// <summary>Counts, and sums of tokens and cost.</summary>
internal readonly record struct UsageSum(
    long Calls, long Succeeded, long Cached, long Rejected, long InputTokens, long OutputTokens, long CostNanoUsd)
{
    public static UsageSum operator +(UsageSum a, UsageSum b) => new(
        a.Calls + b.Calls, a.Succeeded + b.Succeeded, a.Cached + b.Cached, a.Rejected + b.Rejected,
        a.InputTokens + b.InputTokens, a.OutputTokens + b.OutputTokens, a.CostNanoUsd + b.CostNanoUsd);

    public static UsageSum operator -(UsageSum a, UsageSum b) => a + new UsageSum(
        -b.Calls, -b.Succeeded, -b.Cached, -b.Rejected, -b.InputTokens, -b.OutputTokens, -b.CostNanoUsd);
}

/// <summary>What was counted and is not stored yet; without a database, all of it.</summary>
/// <param name="clock">Says which hour it is.</param>
/// <param name="isStored">Whether somebody takes it, again and again. Otherwise what is oldest makes room.</param>
internal sealed class UsageLedger(TimeProvider clock, bool isStored)
{
    /// <summary>Tenants are whatever callers say; beyond so many rows at once the rest is one row.</summary>
    private const int MostRows = 20_000;

    private readonly Lock _lock = new();
    private Dictionary<UsageKey, UsageSum> _rows = [];

    public void Count(Question question, CallOutcome outcome)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        var call = new UsageKey(hour, question.TenantId, question.Intent.Name, outcome.Provider ?? "");
        var rest = Taken(outcome.Usage);
        foreach (var attempt in outcome.Attempts)
        {
            if (attempt.Usage is not { } usage) continue;
            var taken = Taken(usage);
            rest -= taken;
            Add(call with { Provider = attempt.Provider }, taken);
        }
        Add(call, rest with
        {
            Calls = 1,
            Succeeded = outcome.Outcome == Outcomes.Success ? 1 : 0,
            Cached = outcome.Cached ? 1 : 0,
            Rejected = outcome.Outcome == Outcomes.Rejected ? 1 : 0,
        });
    }

    public void Add(UsageKey key, UsageSum sum)
    {
        lock (_lock)
        {
            if (_rows.Count >= MostRows && !_rows.ContainsKey(key) && (isStored || !ForgetAnHour(key.Hour))) key = key with { TenantId = UsageSums.Others };
            _rows[key] = _rows.GetValueOrDefault(key) + sum;
        }
    }

    public IReadOnlyDictionary<UsageKey, UsageSum> Peek()
    {
        lock (_lock) return new Dictionary<UsageKey, UsageSum>(_rows);
    }

    /// <summary>Takes all that is there; what could not be stored is added again.</summary>
    public IReadOnlyDictionary<UsageKey, UsageSum> Take()
    {
        lock (_lock)
        {
            var taken = _rows;
            _rows = [];
            return taken;
        }
    }

    /// <summary>The oldest, where there is one before this.</summary>
    private bool ForgetAnHour(DateTimeOffset before)
    {
        var oldest = _rows.Keys.Min(key => key.Hour);
        foreach (var key in oldest < before ? _rows.Keys.Where(key => key.Hour == oldest).ToList() : []) _rows.Remove(key);
        return oldest < before;
    }

    private static UsageSum Taken(Calls.Usage usage) =>
        new(0, 0, 0, 0, usage.InputTokens, usage.OutputTokens, (long)Math.Round(usage.CostUsd * 1e9));
}
