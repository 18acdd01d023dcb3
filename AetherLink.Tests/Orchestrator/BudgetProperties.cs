using AetherLink.Orchestrator.Governance.Budgets;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.Orchestrator;

/// <summary>Replicas that hold, settle, lease, are cut off, die and come back in any order never spend more than the budget, and lose nothing of it.</summary>
public sealed class BudgetProperties
{
    private const long Limit = BudgetWorld.Limit;
    private const int Replicas = BudgetWorld.Replicas;
    private static readonly BudgetKey Key = BudgetKey.At("acme", BudgetUnit.Tokens, BudgetPeriod.Day, DateTimeOffset.UnixEpoch);

    [Fact]
    public void Budget_is_never_exceeded_and_never_lost() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(200), Prop.ForAll(Gen.Choose(0, 1_000_000).ArrayOf().ToArbitrary(), numbers =>
        {
            var world = new BudgetWorld();
            foreach (var number in numbers) world.Step(number);
            world.EndsWell();
        }));

    [Fact]
    public void Budget_that_has_room_for_a_call_lets_it_through_wherever_it_is_asked() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(200), Prop.ForAll(Gen.Choose(0, 1_000_000).ArrayOf().ToArbitrary(), numbers =>
        {
            var world = new BudgetWorld();
            foreach (var number in numbers) world.Step(number);
            world.SettleAll();
            var amount = Math.Min(60, Limit - world.Spent);
            if (amount > 0) Assert.InRange(world.SecondsUntilHeld([numbers.Length % Replicas], amount), 0, 45);
        }));

    [Fact]
    public void Pieces_that_no_call_fits_into_are_put_together_again_however_often_both_are_asked()
    {
        var world = new BudgetWorld();
        foreach (var replica in (int[])[0, 1])
        {
            world.WaitFor(replica, 300);
            world.Spend(replica, 300, 0);
            world.Sync(replica);
        }
        world.WaitFor(2, 400);
        world.Spend(2, 400, 400);
        // Each of the two has the half of what is left.
        Assert.Equal((1_000, 300, 300), (world.Taken, world.Account(0).Figures.Leased, world.Account(1).Figures.Leased));

        Assert.InRange(world.SecondsUntilHeld([0, 1], 360), 1, 10);
    }

    [Fact]
    public void What_rests_at_replicas_that_nobody_calls_is_given_back_when_there_is_little_left()
    {
        var world = new BudgetWorld();
        foreach (var replica in (int[])[1, 2])
        {
            world.WaitFor(replica, 20);
            world.Spend(replica, 20, 0);
        }
        while (world.WaitFor(0, 40) == HoldAnswer.Held) world.Spend(0, 40, 40);
        Assert.InRange(world.Spent, 880, 960);

        Assert.InRange(world.SecondsUntilHeld([0], 40), 0, 60);
    }

    [Fact]
    public void Slice_that_calls_wait_for_is_not_given_back_before_they_have_had_their_turn()
    {
        var account = new BudgetAccount(Key, 0);
        Assert.Equal(HoldAnswer.NotYet, account.TryHold(360, Limit, TimeSpan.Zero));
        for (var call = 0; call < 10; call++) account.Await(360);
        var leased = 950L;
        account.Apply(account.Ask(TimeSpan.Zero)!, new(leased, 0, 0, 0));

        for (var sync = 0; sync < 20; sync++)
        {
            if (account.Ask(TimeSpan.FromSeconds(sync)) is { } request) account.Apply(request, new(leased += Math.Min(0, request.Wanted), 0, 0, 0));
        }

        Assert.Equal(HoldAnswer.Held, account.TryHold(360, Limit, TimeSpan.FromSeconds(20)));
        Assert.Equal(HoldAnswer.Held, account.TryHold(360, Limit, TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void Budget_that_others_hold_is_not_said_to_be_used_up()
    {
        var account = new BudgetAccount(Key, 0);
        account.TryHold(360, Limit, TimeSpan.Zero);
        account.Apply(account.Ask(TimeSpan.Zero)!, new(100, 0, Left: 0, AllSpent: 500));

        Assert.Equal(HoldAnswer.Busy, account.TryHold(360, Limit, TimeSpan.Zero));
        Assert.Equal(HoldAnswer.Exhausted, account.TryHold(501, Limit, TimeSpan.Zero));
        var back = account.Ask(TimeSpan.FromSeconds(1))!;
        Assert.Equal(-100, back.Wanted);
        Assert.Equal(HoldAnswer.NotYet, account.TryHold(100, Limit, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Thousand_calls_at_once_never_hold_or_spend_more_than_the_budget()
    {
        var account = new BudgetAccount(Key, 0);
        account.TryHold(1, Limit, TimeSpan.FromSeconds(1));
        account.Apply(account.Ask(TimeSpan.FromSeconds(1))!, new(Limit, 0, 0, 0));
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
        var world = new BudgetWorld();
        var (island, mainland) = (world.Account(0), world.Account(1));
        world.WaitFor(0, 40);

        var later = TimeSpan.FromHours(3);
        var spent = island.Settle(40, 40);
        while (island.TryHold(10, Limit, later) == HoldAnswer.Held) spent = island.Settle(10, 10);
        while (world.WaitFor(1, 10) is HoldAnswer.Held) mainland.Settle(10, 10);

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
            var world = new BudgetWorld();
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
        account.Apply(account.Ask(TimeSpan.Zero)!, new(500, 0, 0, 0));

        Assert.Equal(HoldAnswer.Exhausted, account.TryHold(10, limit: 5, TimeSpan.Zero));
        Assert.Equal(HoldAnswer.Held, account.TryHold(10, limit: 500, TimeSpan.Zero));
    }

    [Fact]
    public void Lowered_limit_counts_with_what_other_replicas_have_spent()
    {
        var account = new BudgetAccount(Key, 0);
        account.TryHold(1, Limit, TimeSpan.Zero);
        account.Apply(account.Ask(TimeSpan.Zero)!, new(Leased: 50, Spent: 0, Left: 0, AllSpent: 95));

        Assert.Equal(HoldAnswer.Exhausted, account.TryHold(6, limit: 100, TimeSpan.Zero));
        Assert.Equal(HoldAnswer.Held, account.TryHold(5, limit: 100, TimeSpan.Zero));
        Assert.Equal(HoldAnswer.Busy, account.TryHold(1, limit: 100, TimeSpan.Zero));
    }

    [Fact]
    public void Unused_slice_is_given_back_but_for_a_calls_worth_and_later_that_too()
    {
        var account = new BudgetAccount(Key, 0);
        account.TryHold(10, Limit, TimeSpan.Zero);
        account.Apply(account.Ask(TimeSpan.Zero)!, new(60, 0, 900, 0));
        account.TryHold(10, Limit, TimeSpan.Zero);
        account.Settle(10, 10);

        var request = account.Ask(TimeSpan.FromSeconds(31));

        Assert.Equal((10, -30), (request!.Spent, request.Wanted));
        account.Apply(request, new(30, 10, 970, 10));
        Assert.Null(account.Ask(TimeSpan.FromSeconds(32)));
        Assert.False(account.IsAtRest(TimeSpan.FromSeconds(32)));
        request = account.Ask(TimeSpan.FromMinutes(11));
        Assert.Equal((10, -20), (request!.Spent, request.Wanted));
        account.Apply(request, new(10, 10, 990, 10));
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
            account.Apply(request, new(leased, request.Spent, 100_000 - leased, request.Spent));
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
        account.Apply(account.Ask(TimeSpan.Zero)!, new(30, 0, 970, 0));

        Assert.Equal(HoldAnswer.Held, account.TryHold(30, Limit, TimeSpan.FromHours(1)));
    }
}
