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
/// it has leased. Nobody else is lent it while this replica cannot be asked, so it is no larger than what the calls of the last
/// seconds took: a replica that is gone for good leaves no more behind. The time is that of its arguments, since any fixed moment.
/// </summary>
internal sealed class BudgetAccount(BudgetKey key, long spent)
{
    /// <summary>A slice is at most a twentieth: twenty replicas can each have one.</summary>
    private const long Slices = 20;

    /// <summary>Unused for so long, what is more than a call's worth is worth more to another replica.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    /// <summary>A tenant who called within this, or is named in the file, does not wait for a slice at the next call.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private long _limit;
    private long _spent = spent;
    private long _reported = -1;
    private long _held;
    private long _leased;
    private long _left;
    private long _unmet;
    private long _ready;
    private long _mostHeld;
    private long _need;
    private bool _isAnswered;
    private bool _isAsking;
    private TimeSpan? _lastUsed;
    private TimeSpan? _lastExpected;

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
        lock (_lock) return _held == 0 && _reported == _spent && _leased <= _spent && _isAnswered && !_isAsking && !IsKept(now);
    }

    /// <summary>Whether its tenant may well call again soon.</summary>
    public bool IsWarm(TimeSpan now)
    {
        lock (_lock) return IsKept(now);
    }

    /// <summary>Has a call's worth leased before there is a call.</summary>
    public void Expect(long limit, long ready, TimeSpan now)
    {
        lock (_lock)
        {
            _limit = limit;
            _ready = Math.Max(_ready, ready);
            _lastExpected = now;
        }
    }

    public HoldAnswer TryHold(long amount, long limit, TimeSpan now)
    {
        lock (_lock)
        {
            _limit = limit;
            _lastUsed = now;
            _ready = Math.Max(_ready, 2 * amount);
            // A limit that was lowered since the slice was leased counts at once.
            var free = Math.Min(_leased, limit) - _spent - _held;
            if (_isAnswered && free >= amount)
            {
                _held += amount;
                _mostHeld = Math.Max(_mostHeld, _held);
                return HoldAnswer.Held;
            }
            _unmet = Math.Min(limit, _unmet + amount);
            return _isAnswered && free + _left < amount ? HoldAnswer.Exhausted : HoldAnswer.NotYet;
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

    /// <summary>Null when there is nothing to say. What is given back cannot be held any more. Asked about once a second.</summary>
    public LeaseRequest? Ask(TimeSpan now, bool closing = false)
    {
        lock (_lock)
        {
            // Followed up at once, and forgotten within seconds.
            _need = Math.Max(_mostHeld + Math.Max(0, _spent - Math.Max(0, _reported)), _need - _need / 8);
            _mostHeld = _held;
            var wanted = Wanted(now, closing);
            // What was not answered may have been heard: it is said again.
            if (wanted == 0 && _reported == _spent && !_isAsking) return null;
            _isAsking = true;
            if (wanted < 0) _leased += wanted;
            return new(Key, _limit, _spent, wanted, _unmet);
        }
    }

    public void Apply(LeaseRequest request, LeaseAnswer answer)
    {
        lock (_lock)
        {
            _leased = answer.Leased;
            // Whoever lost its journal has spent what the lender says.
            _spent = Math.Max(_spent, answer.Spent);
            _reported = Math.Max(request.Spent, answer.Spent);
            _left = answer.Left;
            _unmet = Math.Max(0, _unmet - request.Unmet);
            _isAnswered = true;
            _isAsking = false;
        }
    }

    private long Wanted(TimeSpan now, bool closing)
    {
        // Before the first answer it is not known what was leased before a restart.
        var free = _isAnswered ? _leased - _spent - _held : 0;
        if (closing) return -Math.Max(0, free);
        var most = Math.Max(1, _limit / Slices);
        var ready = IsKept(now) ? Math.Min(_ready, most) : 0;
        if (_unmet == 0 && (_lastUsed is not { } used || now - used > Idle)) return ready - free;
        var slice = Math.Clamp(Math.Max(2 * _need, ready), 1, most);
        if (_unmet > 0 || free < slice / 2) return Math.Max(0, slice + _unmet - free);
        return free > 4 * slice ? 2 * slice - free : 0;
    }

    private bool IsKept(TimeSpan now) => now - _lastUsed <= Kept || now - _lastExpected <= Kept;
}
