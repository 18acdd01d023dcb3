using AetherLink.Orchestrator.Governance.Budgets;

namespace AetherLink.Tests.Orchestrator;

/// <summary>A lender in memory, with the rules of the function in Postgres, and replicas that lease from it.</summary>
internal sealed class BudgetWorld
{
    public const long Limit = 1_000;
    public const int Replicas = 3;

    private static readonly BudgetKey Key = BudgetKey.At("acme", BudgetUnit.Tokens, BudgetPeriod.Day, DateTimeOffset.UnixEpoch);

    private readonly Dictionary<int, (long Leased, long Spent)> _leases = [];
    private readonly BudgetAccount?[] _accounts = new BudgetAccount?[Replicas];
    private readonly long[] _journals = new long[Replicas];
    private readonly List<long>[] _held = [.. Enumerable.Range(0, Replicas).Select(_ => new List<long>())];
    private long _taken;
    private TimeSpan _now = TimeSpan.FromHours(1);

    public long Taken => _taken;

    public long Spent => _journals.Sum();

    public void PassDays() => _now += TimeSpan.FromDays(3);

    /// <summary>All calls under way cost as much as they can, and others are made for as long as there is anything.</summary>
    public void SpendAll(int replica, bool hearsTheLender)
    {
        var account = Account(replica);
        foreach (var held in _held[replica]) _journals[replica] = account.Settle(held, held);
        _held[replica].Clear();
        while ((hearsTheLender ? WaitFor(replica, 1) : account.TryHold(1, Limit, _now)) == HoldAnswer.Held) _journals[replica] = account.Settle(1, 1);
    }

    /// <summary>As a call does: it waits for what may be had, and for nothing else.</summary>
    public HoldAnswer WaitFor(int replica, long amount)
    {
        var account = Account(replica);
        var answer = account.TryHold(amount, Limit, _now);
        if (answer != HoldAnswer.NotYet) return answer;
        account.Await(amount);
        // Once to hear how things are, and once to be lent it.
        for (var sync = 0; sync < 2 && answer == HoldAnswer.NotYet; sync++)
        {
            Sync(replica);
            answer = account.TryHold(amount, Limit, _now);
        }
        account.Awaited(amount);
        Assert.NotEqual(HoldAnswer.NotYet, answer);
        return answer;
    }

    public BudgetAccount Account(int replica) => _accounts[replica] ??= new BudgetAccount(Key, _journals[replica]);

    public void Step(int number)
    {
        var replica = number % Replicas;
        var amount = 1 + number / 7 % 60;
        // Now and then for so long that whoever did not sync was cut off meanwhile.
        _now += number % 97 == 0 ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(number % 11);
        var account = Account(replica);
        switch (number / Replicas % 6)
        {
            case 0 or 1:
                if (account.TryHold(amount, Limit, _now) == HoldAnswer.Held) _held[replica].Add(amount);
                break;
            case 2 or 3 when _held[replica].Count > 0:
                var held = _held[replica][0];
                _held[replica].RemoveAt(0);
                _journals[replica] = account.Settle(held, Math.Min(held, amount));
                break;
            case 4:
                Sync(replica, lostAnswer: number % 5 == 0);
                break;
            case 5 when number % 4 == 0:
                // Killed: what it held is nowhere any more, and what it spent is in its journal.
                _accounts[replica] = null;
                _held[replica].Clear();
                break;
        }
        Assert.InRange(_journals.Sum() + _held.Sum(h => h.Sum()), 0, Limit);
        Assert.InRange(_taken, 0, Limit);
        Assert.Equal(_taken, _leases.Values.Sum(l => l.Leased));
    }

    public void SettleAll()
    {
        for (var replica = 0; replica < Replicas; replica++)
        {
            foreach (var held in _held[replica]) _journals[replica] = Account(replica).Settle(held, 0);
            _held[replica].Clear();
        }
    }

    public void Spend(int replica, long held, long spent) => _journals[replica] = Account(replica).Settle(held, spent);

    /// <summary>A call that is made again each second at each of these, while all replicas go on saying what they have to say.</summary>
    public int SecondsUntilHeld(IReadOnlyList<int> replicas, long amount)
    {
        for (var second = 0; second < 120; second++)
        {
            if (replicas.Any(replica => WaitFor(replica, amount) == HoldAnswer.Held)) return second;
            for (var any = 0; any < Replicas; any++) Sync(any);
            _now += TimeSpan.FromSeconds(1);
        }
        return int.MaxValue;
    }

    /// <summary>When everybody has said what they spent and given the rest back, all that is not spent can be had by one.</summary>
    public void EndsWell()
    {
        for (var replica = 0; replica < Replicas; replica++)
        {
            _accounts[replica] = new BudgetAccount(Key, _journals[replica]);
            Sync(replica, lostAnswer: false, closing: true);
            Sync(replica, lostAnswer: false, closing: true);
        }
        Assert.Equal(_journals.Sum(), _taken);
        var rest = Limit - _journals.Sum();
        if (rest == 0) return;
        var account = _accounts[0]!;
        account.TryHold(rest, Limit, _now);
        Sync(0, lostAnswer: false);
        Assert.Equal(HoldAnswer.Held, account.TryHold(rest, Limit, _now));
    }

    public void Sync(int replica, bool lostAnswer = false, bool closing = false)
    {
        if (Account(replica).Ask(_now, closing) is not { } request) return;
        var (leased, spent) = _leases.GetValueOrDefault(replica);
        spent = Math.Max(spent, request.Spent);
        _taken += Math.Max(0, spent - leased);
        leased = Math.Max(leased, spent);
        var left = Math.Max(0, request.Limit - _taken);
        var lent = request.Wanted < 0 ? Math.Max(request.Wanted, spent - leased) : left < request.Least ? 0 : Math.Min(request.Wanted, left);
        _leases[replica] = (leased + lent, spent);
        _taken += lent;
        if (!lostAnswer)
            _accounts[replica]!.Apply(request, new(leased + lent, spent, Math.Max(0, request.Limit - _taken), _leases.Values.Sum(lease => lease.Spent)));
    }
}
