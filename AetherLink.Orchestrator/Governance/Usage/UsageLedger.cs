using AetherLink.Orchestrator.Calls;
using AetherLink.Orchestrator.Providers;

namespace AetherLink.Orchestrator.Governance.Usage;

/// <summary>What usage is counted by. Without an answer there is no provider.</summary>
internal sealed record UsageKey(DateTimeOffset Hour, string TenantId, string Intent, string Provider);

/// <summary>Counts, and sums of tokens and cost.</summary>
internal readonly record struct UsageSum(
    long Calls, long Succeeded, long Cached, long Rejected, long InputTokens, long OutputTokens, long CostNanoUsd)
{
    public static UsageSum operator +(UsageSum a, UsageSum b) => new(
        a.Calls + b.Calls, a.Succeeded + b.Succeeded, a.Cached + b.Cached, a.Rejected + b.Rejected,
        a.InputTokens + b.InputTokens, a.OutputTokens + b.OutputTokens, a.CostNanoUsd + b.CostNanoUsd);
}

/// <summary>What was counted and is not stored yet; without a database, all of it.</summary>
internal sealed class UsageLedger(TimeProvider clock)
{
    /// <summary>Tenants are whatever callers say; beyond so many rows at once the rest is one row.</summary>
    private const int MostRows = 20_000;

    private const string Others = "(others)";

    private readonly Lock _lock = new();
    private Dictionary<UsageKey, UsageSum> _rows = [];

    public void Count(Question question, CallOutcome outcome)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        var sum = new UsageSum(
            1,
            outcome.Outcome == Outcomes.Success ? 1 : 0,
            outcome.Cached ? 1 : 0,
            outcome.Outcome == Outcomes.Rejected ? 1 : 0,
            outcome.Usage.InputTokens, outcome.Usage.OutputTokens, (long)Math.Round(outcome.Usage.CostUsd * 1e9));
        Add(new(hour, question.TenantId, question.Intent.Name, outcome.Provider ?? ""), sum);
    }

    public void Add(UsageKey key, UsageSum sum)
    {
        lock (_lock)
        {
            if (_rows.Count >= MostRows && !_rows.ContainsKey(key)) key = key with { TenantId = Others };
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

    public void Forget(DateTimeOffset before)
    {
        lock (_lock)
        {
            foreach (var key in _rows.Keys.Where(key => key.Hour < before).ToList()) _rows.Remove(key);
        }
    }
}
