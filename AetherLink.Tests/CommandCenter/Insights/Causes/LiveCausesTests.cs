using System.Collections.Concurrent;
using AetherLink.CommandCenter.Insights.Causes.Gathering;
using AetherLink.CommandCenter.Insights.Causes.Judging;
using AetherLink.Tests.ServiceDefaults;

namespace AetherLink.Tests.CommandCenter.Insights.Causes;

public sealed class LiveCausesTests
{
    private readonly SetClock _clock = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LiveCauses _live;
    private readonly ConcurrentQueue<string?> _askedFor = new();
    private int _made;
    private bool _fails;

    public LiveCausesTests() => _live = new(FindAsync, _clock);

    [Fact]
    public async Task Everybody_who_looks_at_once_is_answered_by_one_finding()
    {
        var asked = Enumerable.Range(0, 50).Select(_ => AskAsync()).ToList();
        _ready.SetResult();

        var answers = await Task.WhenAll(asked);

        Assert.Equal(1, _made);
        Assert.All(answers, answer => Assert.Same(answers[0], answer));
    }

    [Fact]
    public async Task Answer_is_made_anew_once_it_is_old()
    {
        _ready.SetResult();
        var first = await AskAsync();
        _clock.Advance(LiveCauses.Fresh - TimeSpan.FromTicks(1));
        Assert.Same(first, await AskAsync());

        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.NotSame(first, await AskAsync());
        Assert.Equal(2, _made);
    }

    [Fact]
    public async Task Tenants_are_answered_apart()
    {
        _ready.SetResult();

        var (all, one, another) = (await AskAsync(), await AskAsync("one"), await AskAsync("another"));

        Assert.Equal(3, new[] { all, one, another }.Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.Equal([null, "one", "another"], _askedFor);
        Assert.Same(all, await AskAsync());
        Assert.Same(one, await AskAsync("one"));
        Assert.Equal(3, _made);
    }

    [Fact]
    public async Task Failure_is_the_answer_of_those_who_waited_for_it_and_of_nobody_after_them()
    {
        _fails = true;
        _ready.SetResult();
        await Assert.ThrowsAsync<TimeoutException>(() => AskAsync());
        _fails = false;

        await AskAsync();

        Assert.Equal(2, _made);
    }

    [Fact]
    public async Task Who_leaves_takes_nothing_from_the_others()
    {
        using var leaving = new CancellationTokenSource();
        var left = AskAsync(cancellationToken: leaving.Token);
        var stays = AskAsync();

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        _ready.SetResult();
        await stays;
        Assert.Equal(1, _made);
    }

    [Fact]
    public async Task Answer_is_as_old_as_its_question_however_long_it_took()
    {
        var first = AskAsync();
        _clock.Advance(LiveCauses.Fresh);
        var waiting = AskAsync();
        _ready.SetResult();
        Assert.Same(await first, await waiting);

        Assert.NotSame(await first, await AskAsync());
        Assert.Equal(2, _made);
    }

    [Fact]
    public async Task Answers_that_are_old_are_forgotten()
    {
        _ready.SetResult();
        await AskAsync("one");
        await AskAsync("another");
        Assert.Equal(2, _live.Kept);
        _clock.Advance(LiveCauses.Fresh);

        await AskAsync("a third");

        Assert.Equal(1, _live.Kept);
    }

    private Task<Found> AskAsync(string? tenant = null, CancellationToken cancellationToken = default) =>
        _live.FindAsync(new(_clock.GetUtcNow().AddMinutes(-15), _clock.GetUtcNow()), tenant, cancellationToken);

    private async Task<Found> FindAsync(Window window, string? tenant, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _made);
        _askedFor.Enqueue(tenant);
        await _ready.Task.WaitAsync(cancellationToken);
        return _fails ? throw new TimeoutException() : new(window, [], null);
    }
}
