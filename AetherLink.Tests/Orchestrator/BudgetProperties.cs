using AetherLink.Orchestrator.Governance.Budgets;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.Orchestrator;

/// <summary>Replicas that hold, settle, lease, die and come back in any order never spend more than the budget, and lose nothing of it.</summary>
public sealed class BudgetProperties
{
    private const long Limit = 1_000;
    private const int Replicas = 3;
    private static readonly BudgetKey Key = BudgetKey.At("acme", BudgetUnit.Tokens, BudgetPeriod.Day, DateTimeOffset.UnixEpoch);

    [Fact]
    public void Budget_is_never_exceeded_and_never_lost() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(200), Prop.ForAll(Gen.Choose(0, 1_000_000).ArrayOf().ToArbitrary(), numbers =>
        {
            var world = new World();
            foreach (var number in numbers) world.Step(number);
            world.EndsWell();
        }));

    [Fact]
    public async Task Thousand_calls_at_once_never_hold_or_spend_more_than_the_budget()
    {
        var account = new BudgetAccount(Key, 0);
        account.TryHold(1, Limit, TimeSpan.FromSeconds(1));
        account.Apply(account.Ask(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5))!, new(Limit, 0, 0), TimeSpan.FromMinutes(5));
        using var together = new Barrier(8);

        var held = await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait();
                var spent = 0L;
                for (var call = 0; call < 1_000; call++)
                {
                    if (account.TryHold(10, Limit, TimeSpan.FromSeconds(1)) != HoldAnswer.Held) continue;
                    Assert.InRange(account.Figures.Spent + account.Figures.Held, 0, Limit);
                    account.Settle(10, call % 11);
                    spent += call % 11;
                }
                return spent;
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.Equal(held.Sum(), account.Figures.Spent);
        Assert.InRange(account.Figures.Spent, Limit - 20, Limit);
        Assert.Equal(0, account.Figures.Held);
    }

    [Fact]
    public void Account_whose_lease_is_over_holds_nothing()
    {
        var account = new BudgetAccount(Key, 0);
        var start = TimeSpan.FromHours(1);
        account.TryHold(10, Limit, start);
        account.Apply(account.Ask(start, TimeSpan.FromMinutes(5))!, new(100, 0, 0), start + TimeSpan.FromMinutes(5));

        Assert.Equal(HoldAnswer.Held, account.TryHold(10, Limit, start + TimeSpan.FromMinutes(4)));
        Assert.Equal(HoldAnswer.NotYet, account.TryHold(10, Limit, start + TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public void Lowered_limit_counts_at_once()
    {
        var account = new BudgetAccount(Key, 0);
        account.TryHold(1, Limit, TimeSpan.Zero);
        account.Apply(account.Ask(TimeSpan.Zero, TimeSpan.FromMinutes(5))!, new(500, 0, 0), TimeSpan.FromMinutes(5));

        Assert.Equal(HoldAnswer.Exhausted, account.TryHold(10, limit: 5, TimeSpan.Zero));
        Assert.Equal(HoldAnswer.Held, account.TryHold(10, limit: 500, TimeSpan.Zero));
    }

    [Fact]
    public void Unused_slice_is_given_back()
    {
        var account = new BudgetAccount(Key, 0);
        account.TryHold(10, Limit, TimeSpan.Zero);
        account.Apply(account.Ask(TimeSpan.Zero, TimeSpan.FromHours(1))!, new(60, 0, 900), TimeSpan.FromHours(1));
        account.TryHold(10, Limit, TimeSpan.Zero);
        account.Settle(10, 10);

        var request = account.Ask(TimeSpan.FromSeconds(31), TimeSpan.FromHours(1));

        Assert.Equal((10, -50), (request!.Spent, request.Wanted));
        account.Apply(request, new(10, 10, 950), TimeSpan.FromHours(1));
        Assert.Null(account.Ask(TimeSpan.FromSeconds(32), TimeSpan.FromHours(1)));
        Assert.True(account.IsAtRest(TimeSpan.FromSeconds(62)));
    }

    /// <summary>A lender in memory, with the rules of the function in Postgres, and replicas that lease from it.</summary>
    private sealed class World
    {
        private readonly Dictionary<int, (long Leased, long Spent)> _leases = [];
        private readonly BudgetAccount?[] _accounts = new BudgetAccount?[Replicas];
        private readonly long[] _journals = new long[Replicas];
        private readonly List<long>[] _held = [.. Enumerable.Range(0, Replicas).Select(_ => new List<long>())];
        private long _taken;
        private TimeSpan _now = TimeSpan.FromHours(1);

        private static readonly TimeSpan ValidFor = TimeSpan.FromMinutes(5);

        public void Step(int number)
        {
            var replica = number % Replicas;
            var amount = 1 + number / 7 % 60;
            _now += TimeSpan.FromSeconds(number % 11);
            var account = _accounts[replica] ??= new BudgetAccount(Key, _journals[replica]);
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

        private void Sync(int replica, bool lostAnswer, bool closing = false)
        {
            if (_accounts[replica]!.Ask(_now, ValidFor, closing) is not { } request) return;
            var (leased, spent) = _leases.GetValueOrDefault(replica);
            spent = Math.Max(spent, request.Spent);
            _taken += Math.Max(0, spent - leased);
            leased = Math.Max(leased, spent);
            var lent = request.Wanted >= 0 ? Math.Max(0, Math.Min(request.Wanted, request.Limit - _taken)) : Math.Max(request.Wanted, spent - leased);
            _leases[replica] = (leased + lent, spent);
            _taken += lent;
            if (!lostAnswer) _accounts[replica]!.Apply(request, new(leased + lent, spent, Math.Max(0, request.Limit - _taken)), _now + ValidFor);
        }
    }
}
