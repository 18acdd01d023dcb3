namespace AetherLink.Orchestrator.Governance.Budgets;

internal enum HoldAnswer
{
    Held,

    /// <summary>More may be had, and is asked for.</summary>
    NotYet,

    /// <summary>It is not spent, and others hold it, here or at another replica: some of it may be had again within seconds.</summary>
    Busy,

    /// <summary>So much is left to nobody.</summary>
    Exhausted,
}

/// <summary>What an account says to the lender: spent so far, and what it wants more, or gives back when negative.</summary>
/// <param name="Key">Of which budget.</param>
/// <param name="Limit">Its bound.</param>
/// <param name="Spent">By this replica so far.</param>
/// <param name="Wanted">More, or less.</param>
/// <param name="Least">With less than that no call could be made, so that somebody else may have it instead.</param>
/// <param name="IsUrgent">Calls wait for it.</param>
internal sealed record LeaseRequest(BudgetKey Key, long Limit, long Spent, long Wanted, long Least, bool IsUrgent);

/// <summary>What is leased now, what the lender knows as spent of it, what it could still lend, and what all replicas have spent.</summary>
internal sealed record LeaseAnswer(long Leased, long Spent, long Left, long AllSpent);

/// <summary>
/// This replica's slice of a budget: leased, of which some is spent and some held by calls under way. It never holds more than
/// it has leased. Nobody else is lent it while this replica cannot be asked, so it is no larger than what the calls of the last
/// seconds took: a replica that is gone for good leaves no more behind. Of a budget of few calls' worth it keeps whole calls, or
/// nothing: pieces that no call fits into, one at each replica, would be a budget that nobody can spend. The time is that of its
/// arguments, since any fixed moment.
/// </summary>
internal sealed class BudgetAccount(BudgetKey key, long spent)
{
    /// <summary>A slice is at most a twentieth, or one call's worth: twenty replicas can each have one.</summary>
    private const long Slices = 20;

    /// <summary>Unused for so long, what is more than a call's worth is worth more to another replica.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    /// <summary>The same where there is not a slice for everybody.</summary>
    private static readonly TimeSpan IdleWhenTight = TimeSpan.FromSeconds(1);

    /// <summary>A tenant who called within this, or is named in the file, does not wait for a slice at the next call.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    /// <summary>What rests here is looked at again after so long: others may be in want of it by then.</summary>
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(10);

    /// <summary>What calls took is forgotten by an eighth in so long, however often the lender is asked meanwhile.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long _limit;
    private long _spent = spent;
    private long _reported = -1;
    private long _held;
    private long _leased;
    private long _left;
    private long _spentElsewhere;
    private long _awaited;
    private long _leastAwaited;
    private int _waiting;
    private long _ready;
    private long _mostHeld;
    private long _need;
    private long _largest;
    private long _call;
    private bool _isAnswered;
    private bool _isAsking;
    private TimeSpan _ticked = TimeSpan.MinValue;
    private TimeSpan _asked = TimeSpan.MinValue;
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
        lock (_lock) return _held == 0 && _waiting == 0 && _reported == _spent && _leased <= _spent && _isAnswered && !_isAsking && !IsKept(now);
    }

    /// <summary>Whether its tenant may well call again soon.</summary>
    public bool IsWarm(TimeSpan now)
    {
        lock (_lock) return IsKept(now);
    }

    /// <summary>Has two calls' worth leased before there is a call.</summary>
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
            _largest = Math.Max(_largest, amount);
            // A limit that was lowered since the slice was leased counts at once.
            var free = Math.Min(_leased, limit - _spentElsewhere) - _spent - _held;
            if (!_isAnswered) return HoldAnswer.NotYet;
            if (free >= amount)
            {
                _held += amount;
                _mostHeld = Math.Max(_mostHeld, _held);
                return HoldAnswer.Held;
            }
            if (limit - _spent - _spentElsewhere < amount) return HoldAnswer.Exhausted;
            return free + _left < amount ? HoldAnswer.Busy : HoldAnswer.NotYet;
        }
    }

    /// <summary>A call waits until it can hold so much: that is leased, and kept until it has had its turn.</summary>
    public void Await(long amount)
    {
        lock (_lock)
        {
            _awaited += amount;
            _leastAwaited = _waiting++ == 0 ? amount : Math.Min(_leastAwaited, amount);
        }
    }

    /// <summary>It holds it now, or waits no longer.</summary>
    public void Awaited(long amount)
    {
        lock (_lock)
        {
            _awaited -= amount;
            _waiting--;
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
    public LeaseRequest? Ask(TimeSpan now, bool closing = false)
    {
        lock (_lock)
        {
            // Followed up at once, and forgotten within seconds.
            var hasTicked = now >= _ticked + Tick;
            if (hasTicked) _ticked = now;
            _need = Math.Max(_mostHeld + Math.Max(0, _spent - Math.Max(0, _reported)), hasTicked ? _need - _need / 8 : _need);
            _call = Math.Max(_largest, hasTicked ? _call - _call / 8 : _call);
            (_mostHeld, _largest) = (_held, 0);
            // Before the first answer it is not known what was leased before a restart.
            var free = _isAnswered ? _leased - _spent - _held : 0;
            var wanted = closing ? -Math.Max(0, free) : Wanted(free, now);
            // What was not answered may have been heard: it is said again.
            if (wanted == 0 && _reported == _spent && !_isAsking && (free == 0 || now < _asked + Refresh)) return null;
            _isAsking = true;
            _asked = now;
            if (wanted < 0)
            {
                // Whoever comes before the answer must not be told that nobody has it.
                _leased += wanted;
                _left -= wanted;
            }
            var useful = _waiting > 0 ? _leastAwaited : _call > 0 ? _call : _ready / 2;
            return new(Key, _limit, _spent, wanted, wanted > 0 ? Math.Clamp(useful - free, 0, wanted) : 0, _waiting > 0);
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
            _spentElsewhere = Math.Max(0, answer.AllSpent - answer.Spent);
            _isAnswered = true;
            _isAsking = false;
        }
    }

    private long Wanted(long free, TimeSpan now)
    {
        var fair = Math.Max(1, _limit / Slices);
        var isTight = _call > fair;
        var ready = IsKept(now) && _ready / 2 <= fair ? Math.Min(_ready, fair) : 0;
        var slice = Math.Clamp(Math.Max(2 * _need, Math.Max(ready, _call)), 1, Math.Max(fair, _call));
        if (_waiting > 0) return Math.Max(0, slice + Math.Min(_awaited, _limit) - free);
        if (_lastUsed is not { } used || now - used > (isTight ? IdleWhenTight : Idle))
        {
            // What rests at a replica that nobody calls is missed elsewhere. It is leased again when there is plenty.
            var isScarce = _isAnswered && _left < (free > 0 ? _limit / 4 : _limit / 2);
            return isScarce ? -Math.Max(0, free) : ready - free;
        }
        // No call fits into it, and there is no more to be had: together with what others give back one may.
        if (_held == 0 && free > 0 && free + _left < _call) return -free;
        if (free < Math.Max(slice / 2, _call)) return Math.Max(0, slice - free);
        if (isTight) return Math.Min(0, slice - free);
        return free > 4 * slice ? 2 * slice - free : 0;
    }

    private bool IsKept(TimeSpan now) => now - _lastUsed <= Kept || now - _lastExpected <= Kept;
}
