namespace AetherLink.Orchestrator.Governance.Budgets;

internal enum HoldAnswer
{
    Held,

    /// <summary>More may be had, and was asked for.</summary>
    NotYet,

    /// <summary>Nobody has so much left.</summary>
    Exhausted,
}

/// <summary>What an account says to the lender: spent so far, and what it wants more, or gives back when negative.</summary>
internal sealed record LeaseRequest(BudgetKey Key, long Limit, long Spent, long Wanted, long Unmet);

/// <summary>What is leased now, what the lender knows as spent of it, and what it could still lend.</summary>
internal sealed record LeaseAnswer(long Leased, long Spent, long Left);

/// <summary>
/// This replica's slice of a budget: leased, of which some is spent and some held by calls under way. It never holds more than
/// it has leased, and nothing once its lease is over. The time is that of its arguments, since any fixed moment.
/// </summary>
internal sealed class BudgetAccount(BudgetKey key, long spent)
{
    /// <summary>A slice is a twentieth: twenty replicas can each have one, and a lost one is a small loss.</summary>
    private const long Slices = 20;

    /// <summary>Unused for so long, the rest of a slice is worth more to another replica.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private long _limit;
    private long _spent = spent;
    private long _reported = -1;
    private long _held;
    private long _leased;
    private long _left;
    private long _unmet;
    private TimeSpan? _validUntil;
    private TimeSpan? _lastUsed;

    public BudgetKey Key { get; } = key;

    public (long Leased, long Spent, long Held) Figures
    {
        get
        {
            lock (_lock) return (_leased, _spent, _held);
        }
    }

    /// <summary>Nothing is under way, everything is said, and nobody has asked for long: it can be forgotten.</summary>
    public bool IsAtRest(TimeSpan now)
    {
        lock (_lock) return _held == 0 && _reported == _spent && _leased <= _spent && _lastUsed is { } used && now - used > Idle;
    }

    public HoldAnswer TryHold(long amount, long limit, TimeSpan now)
    {
        lock (_lock)
        {
            _limit = limit;
            _lastUsed = now;
            // A limit that was lowered since the slice was leased counts at once.
            var free = Math.Min(_leased, limit) - _spent - _held;
            if (_validUntil > now && free >= amount)
            {
                _held += amount;
                return HoldAnswer.Held;
            }
            _unmet = Math.Min(limit, _unmet + amount);
            return _validUntil > now && free + _left < amount ? HoldAnswer.Exhausted : HoldAnswer.NotYet;
        }
    }

    /// <summary>What was held is free again but for what was really spent. Returns all that was spent.</summary>
    public long Settle(long held, long spent)
    {
        lock (_lock)
        {
            _held -= held;
            return _spent += spent;
        }
    }

    /// <summary>Null when there is nothing to say. What is given back cannot be held any more.</summary>
    public LeaseRequest? Ask(TimeSpan now, TimeSpan validFor, bool closing = false)
    {
        lock (_lock)
        {
            var free = _leased - _spent - _held;
            var slice = Math.Max(1, _limit / Slices);
            var wanted = 0L;
            if (closing || (_unmet == 0 && now - _lastUsed > Idle))
                wanted = -Math.Max(0, free);
            else if (_unmet > 0 || free < slice / 2)
                wanted = Math.Max(0, slice + _unmet - free);
            var isStale = _validUntil is null || _validUntil.Value - now < validFor / 2;
            if (wanted == 0 && _reported == _spent && !(isStale && free + _held > 0)) return null;
            if (wanted < 0) _leased += wanted;
            return new(Key, _limit, _spent, wanted, _unmet);
        }
    }

    public void Apply(LeaseRequest request, LeaseAnswer answer, TimeSpan validUntil)
    {
        lock (_lock)
        {
            _leased = answer.Leased;
            // Whoever lost its journal has spent what the lender says.
            _spent = Math.Max(_spent, answer.Spent);
            _reported = Math.Max(request.Spent, answer.Spent);
            _left = answer.Left;
            _unmet = Math.Max(0, _unmet - request.Unmet);
            _validUntil = validUntil;
        }
    }
}
