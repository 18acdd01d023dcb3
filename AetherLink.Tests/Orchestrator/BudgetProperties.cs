using AetherLink.Orchestrator.Governance.Budgets;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.Orchestrator;

/// <summary>Replicas that hold, settle, lease, are cut off, die and come back in any order never spend more than the budget, and lose nothing of it.</summary>
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
        account.Apply(account.Ask(TimeSpan.FromSeconds(1))!, new(Limit, 0, 0));
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
    public void Replica_that_is_cut_off_goes_on_with_its_slice_and_nobody_else_is_lent_it()
    {
        var world = new World();
        var (island, mainland) = (world.Account(0), world.Account(1));
        island.TryHold(40, Limit, TimeSpan.Zero);
        world.Sync(0);

        var later = TimeSpan.FromHours(3);
        var spent = 0L;
        while (island.TryHold(10, Limit, later) == HoldAnswer.Held) spent = island.Settle(10, 10);
        while (mainland.TryHold(10, Limit, later) != HoldAnswer.Exhausted)
        {
            world.Sync(1);
            while (mainland.TryHold(10, Limit, later) == HoldAnswer.Held) mainland.Settle(10, 10);
        }

        Assert.InRange(spent, 40, Limit / 20 + 40);
        Assert.InRange(mainland.Figures.Spent + spent, Limit - 20, Limit);
        world.Sync(0);
        Assert.InRange(world.Taken, mainland.Figures.Spent + spent, Limit);
    }

    /// <summary>Frozen, cut off, or its disk gone for a while: nobody can tell it from a dead one, and it goes on with all that it has.</summary>
    [Fact]
    public void Replica_that_was_thought_dead_and_settles_late_is_counted_and_the_budget_is_not_exceeded() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(150), Prop.ForAll(Gen.Choose(0, 1_000_000).ArrayOf().ToArbitrary(), numbers =>
        {
            var world = new World();
            foreach (var number in numbers) world.Step(number);

            world.PassDays();
            world.SpendAll(1, hearsTheLender: true);
            world.SpendAll(2, hearsTheLender: true);
            world.SpendAll(0, hearsTheLender: false);
            Assert.InRange(world.Spent, 0, Limit);

            world.Sync(0);
            Assert.InRange(world.Taken, world.Spent, Limit);
        }));

    [Fact]
    public void Lowered_limit_counts_at_once()
    {
        var account = new BudgetAccount(Key, 0);
        account.TryHold(1, Limit, TimeSpan.Zero);
        account.Apply(account.Ask(TimeSpan.Zero)!, new(500, 0, 0));

        Assert.Equal(HoldAnswer.Exhausted, account.TryHold(10, limit: 5, TimeSpan.Zero));
        Assert.Equal(HoldAnswer.Held, account.TryHold(10, limit: 500, TimeSpan.Zero));
    }

    [Fact]
    public void Unused_slice_is_given_back_but_for_a_calls_worth_and_later_that_too()
    {
        var account = new BudgetAccount(Key, 0);
        account.TryHold(10, Limit, TimeSpan.Zero);
        account.Apply(account.Ask(TimeSpan.Zero)!, new(60, 0, 900));
        account.TryHold(10, Limit, TimeSpan.Zero);
        account.Settle(10, 10);

        var request = account.Ask(TimeSpan.FromSeconds(31));

        Assert.Equal((10, -30), (request!.Spent, request.Wanted));
        account.Apply(request, new(30, 10, 970));
        Assert.Null(account.Ask(TimeSpan.FromSeconds(32)));
        Assert.False(account.IsAtRest(TimeSpan.FromSeconds(32)));
        request = account.Ask(TimeSpan.FromMinutes(11));
        Assert.Equal((10, -20), (request!.Spent, request.Wanted));
        account.Apply(request, new(10, 10, 990));
        Assert.True(account.IsAtRest(TimeSpan.FromMinutes(11)));
    }

    [Fact]
    public void Slice_follows_what_the_calls_of_the_last_seconds_took()
    {
        var account = new BudgetAccount(Key, 0);
        account.Expect(100_000, ready: 20, TimeSpan.Zero);
        var leased = 0L;
        void Sync(int second)
        {
            if (account.Ask(TimeSpan.FromSeconds(second)) is not { } request) return;
            leased = Math.Max(leased, request.Spent) + request.Wanted;
            account.Apply(request, new(leased, request.Spent, 100_000 - leased));
        }

        Sync(0);
        var before = leased;
        for (var second = 1; second <= 5; second++)
        {
            for (var call = 0; call < 50; call++)
            {
                if (account.TryHold(10, 100_000, TimeSpan.FromSeconds(second)) == HoldAnswer.Held) account.Settle(10, 10);
            }
            Sync(second);
        }
        var busy = leased - account.Figures.Spent;
        for (var second = 6; second <= 29; second++) Sync(second);

        Assert.Equal(20, before);
        Assert.InRange(busy, 500, 5_000);
        Assert.InRange(leased - account.Figures.Spent, 20, 200);
    }

    [Fact]
    public void Expected_tenant_has_a_slice_before_its_first_call()
    {
        var account = new BudgetAccount(Key, 0);
        account.Expect(Limit, ready: 30, TimeSpan.Zero);
        account.Apply(account.Ask(TimeSpan.Zero)!, new(30, 0, 970));

        Assert.Equal(HoldAnswer.Held, account.TryHold(30, Limit, TimeSpan.FromHours(1)));
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

        public long Taken => _taken;

        public long Spent => _journals.Sum();

        public void PassDays() => _now += TimeSpan.FromDays(3);

        /// <summary>All calls under way cost as much as they can, and others are made for as long as there is anything.</summary>
        public void SpendAll(int replica, bool hearsTheLender)
        {
            var account = Account(replica);
            foreach (var held in _held[replica]) _journals[replica] = account.Settle(held, held);
            _held[replica].Clear();
            HoldAnswer answer;
            while ((answer = account.TryHold(1, Limit, _now)) != HoldAnswer.Exhausted)
            {
                if (answer == HoldAnswer.Held) _journals[replica] = account.Settle(1, 1);
                else if (hearsTheLender) Sync(replica);
                else return;
            }
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
            var lent = request.Wanted >= 0 ? Math.Max(0, Math.Min(request.Wanted, request.Limit - _taken)) : Math.Max(request.Wanted, spent - leased);
            _leases[replica] = (leased + lent, spent);
            _taken += lent;
            if (!lostAnswer) _accounts[replica]!.Apply(request, new(leased + lent, spent, Math.Max(0, request.Limit - _taken)));
        }
    }
}
