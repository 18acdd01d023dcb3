using System.Collections.Concurrent;
using System.Threading.Channels;
using AetherLink.Orchestrator.Routing;

namespace AetherLink.Orchestrator.Governance.Budgets;

/// <summary>
/// What the tenants of this replica may still spend. A call holds the most that it can cost before it asks a provider, and settles
/// what it did cost afterwards; both only touch memory. Slices are leased beside the calls, before they are used up.
/// </summary>
internal sealed class TenantBudgets(BudgetJournal journal, TimeProvider clock)
{
    /// <summary>
    /// For the first slice of a tenant whom nobody expected, or for more when many calls come at once. Postgres answers within
    /// milliseconds; on a machine that is busy with a thousand calls it takes its turn.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>While somebody else can be asked instead. Postgres that takes longer is not well, and no call has to wait for that.</summary>
    private static readonly TimeSpan Impatience = TimeSpan.FromMilliseconds(500);

    private static readonly BudgetUnit[] Units = [BudgetUnit.NanoUsd, BudgetUnit.Tokens];

    private readonly ConcurrentDictionary<BudgetKey, BudgetAccount> _accounts = new();
    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private Task<bool>? _waiting;
    private TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isAway;

    /// <summary>Nobody lends at the moment.</summary>
    public bool IsAway => _isAway;

    public IEnumerable<BudgetAccount> Accounts => _accounts.Values;

    private TimeSpan Now => clock.GetElapsedTime(0);

    /// <summary>Holds what a call may cost at most; the answer is a hold, or why there is none.</summary>
    /// <param name="tenantId">Whose budget.</param>
    /// <param name="worst">The most that it can cost.</param>
    /// <param name="limits">Null is no bound.</param>
    /// <param name="hasOthers">Whether somebody else can be asked instead.</param>
    /// <param name="cancellationToken">The caller's leaving.</param>
    public ValueTask<(Hold? Hold, Skip? Skip)> HoldAsync(
        string tenantId, Cost worst, BudgetLimits? limits, bool hasOthers, CancellationToken cancellationToken)
    {
        if (limits is null || worst == default) return new((Hold.Nothing, null));
        var hold = new Hold(this);
        var answer = TryHold(hold, tenantId, worst, limits);
        if (answer == HoldAnswer.Held) return new((hold, null));
        hold.Settle(default);
        return answer == HoldAnswer.NotYet && !_isAway
            ? WaitAsync(tenantId, worst, limits, hasOthers ? Impatience : Patience, cancellationToken)
            : new((null, Why(answer)));
    }

    /// <summary>Completes when somebody wants more, or after a while. One caller at a time.</summary>
    public async Task WantedAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        // A channel keeps whoever waits until something is written: one for each second would be a leak where no budget is set.
        var waiting = _waiting ??= _wanted.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
        await ((Task)waiting.WaitAsync(atMost, clock, cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (!waiting.IsCompleted) return;
        _waiting = null;
        _wanted.Reader.TryRead(out _);
    }

    /// <summary>The lender has answered, or cannot be reached.</summary>
    public void Synced(bool isAway)
    {
        _isAway = isAway;
        Interlocked.Exchange(ref _synced, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>A slice is leased for this tenant before it calls.</summary>
    public void Expect(string tenantId, BudgetLimits limits, Cost ready, DateTimeOffset at)
    {
        foreach (var unit in Units)
        {
            if (limits.Of(unit) is { } limit) Account(BudgetKey.At(tenantId, unit, limits.Period, at)).Expect(limit, ready.Of(unit), Now);
        }
    }

    public BudgetAccount Account(BudgetKey key) => _accounts.GetOrAdd(key, k => new(k, journal.SpentOf(k)));

    public void Forget(BudgetAccount account) => _accounts.TryRemove(KeyValuePair.Create(account.Key, account));

    private async ValueTask<(Hold? Hold, Skip? Skip)> WaitAsync(
        string tenantId, Cost worst, BudgetLimits limits, TimeSpan patience, CancellationToken cancellationToken)
    {
        var until = Now + patience;
        // It is kept for them until they have had their turn: on a busy machine the lender is asked more often than a call is woken.
        var awaited = Needed(tenantId, worst, limits).ToList();
        foreach (var (account, amount) in awaited) account.Await(amount);
        try
        {
            while (true)
            {
                var synced = Volatile.Read(ref _synced).Task;
                var hold = new Hold(this);
                var answer = TryHold(hold, tenantId, worst, limits);
                if (answer == HoldAnswer.Held) return (hold, null);
                hold.Settle(default);
                if (answer != HoldAnswer.NotYet || _isAway) return (null, Why(answer));
                var left = until - Now;
                if (left <= TimeSpan.Zero || cancellationToken.IsCancellationRequested) return (null, Pending);
                await synced.WaitAsync(left, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            foreach (var (account, amount) in awaited) account.Awaited(amount);
        }
    }

    private HoldAnswer TryHold(Hold hold, string tenantId, Cost worst, BudgetLimits limits)
    {
        foreach (var (account, amount) in Needed(tenantId, worst, limits))
        {
            var answer = account.TryHold(amount, limits.Of(account.Key.Unit)!.Value, Now);
            if (answer == HoldAnswer.NotYet) _wanted.Writer.TryWrite(true);
            // Not also of the other unit: for as long as that is held for nothing, others would be refused for it.
            if (answer != HoldAnswer.Held) return answer;
            hold.Add(account, amount);
        }
        return HoldAnswer.Held;
    }

    private IEnumerable<(BudgetAccount Account, long Amount)> Needed(string tenantId, Cost worst, BudgetLimits limits)
    {
        foreach (var unit in Units)
        {
            if (limits.Of(unit) is not null && worst.Of(unit) is > 0 and var amount)
                yield return (Account(BudgetKey.At(tenantId, unit, limits.Period, clock.GetUtcNow())), amount);
        }
    }

    private Skip Why(HoldAnswer answer) => answer switch
    {
        HoldAnswer.Exhausted => Exhausted,
        // Others may have given it back since, and nobody can say.
        _ when _isAway => Unknown,
        HoldAnswer.Busy => Held,
        _ => Pending,
    };

    private void Settle(BudgetAccount account, long held, long spent)
    {
        var all = account.Settle(held, spent);
        if (spent > 0) journal.Write(account.Key, all);
    }

    private static Skip Exhausted { get; } = new(Skip.OverBudget, "the tenant's budget does not cover what it may cost");

    private static Skip Held { get; } = new(Skip.BudgetHeld, "what is left of the tenant's budget is held for other calls");

    private static Skip Pending { get; } = new(Skip.BudgetPending, "what is left of the tenant's budget is being asked for");

    private static Skip Unknown { get; } = new(Skip.BudgetUnknown, "the tenant's budget cannot be asked for now, and what was leased of it is used up");

    /// <summary>What one attempt has set aside. It is settled once, whatever becomes of the attempt.</summary>
    internal sealed class Hold(TenantBudgets? budgets)
    {
        private readonly List<(BudgetAccount Account, long Amount)> _parts = [];

        public static Hold Nothing { get; } = new(null);

        public void Add(BudgetAccount account, long amount) => _parts.Add((account, amount));

        public void Settle(Cost spent)
        {
            if (budgets is null) return;
            foreach (var (account, amount) in _parts) budgets.Settle(account, amount, spent.Of(account.Key.Unit));
            _parts.Clear();
        }
    }
}
