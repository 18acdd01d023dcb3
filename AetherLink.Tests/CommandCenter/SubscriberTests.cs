using AetherLink.CommandCenter.Events.Querying;
using AetherLink.CommandCenter.Events.Streaming;

namespace AetherLink.Tests.CommandCenter;

public sealed class SubscriberTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_is_offered_while_it_catches_up_comes_after_and_only_beyond_its_place()
    {
        var sink = new CollectingSink();
        var subscriber = new Subscriber(EventFilter.All, sink, () => { });
        using var leaving = new CancellationTokenSource();
        subscriber.Offer(Frames(1, 5));

        var live = subscriber.LiveAsync(3, leaving.Token);
        subscriber.Offer([Frame.Heartbeat, .. Frames(6, 7)]);

        await Eventually.True(() => sink.Ids.Count == 4, Soon, "all are written");
        Assert.Equal([4, 5, 6, 7], sink.Ids);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => live);
    }

    [Fact]
    public async Task One_that_does_not_read_holds_up_nobody_and_is_cut_off_when_its_queue_is_full()
    {
        var stuck = new TaskCompletionSource();
        var cutOff = 0;
        var subscriber = new Subscriber(EventFilter.All, new CollectingSink(() => stuck.Task), () => cutOff++);
        var live = subscriber.LiveAsync(0, CancellationToken.None);

        Assert.True(subscriber.Offer(Frames(1, 1)));
        Assert.True(subscriber.Offer(Frames(2, 1 + Subscriber.MostFramesWaiting)));
        Assert.True(subscriber.IsBehind);
        Assert.False(subscriber.Offer(Frames(5_000, 5_000)));
        Assert.False(subscriber.Offer(Frames(5_001, 5_001)));

        await live.WaitAsync(Soon);
        Assert.Equal(1, cutOff);
        var closing = subscriber.CloseAsync();
        Assert.False(closing.IsCompleted);
        stuck.SetResult();
        await closing.WaitAsync(Soon);
    }

    [Fact]
    public async Task One_that_does_not_read_large_events_is_cut_off_by_their_bytes_and_one_that_does_takes_any_page()
    {
        var stuck = new TaskCompletionSource();
        var large = new Frame(1, null, new byte[64 * 1024]);
        var half = Enumerable.Repeat(large, 1 + (Subscriber.MostBytesWaiting / 2 / large.Bytes.Length)).ToList();
        var blocked = new Subscriber(EventFilter.All, new CollectingSink(() => stuck.Task), () => { });
        var reading = new Subscriber(EventFilter.All, new CollectingSink(() => Task.CompletedTask), () => { });
        using var leaving = new CancellationTokenSource();
        var (cut, live) = (blocked.LiveAsync(0, CancellationToken.None), reading.LiveAsync(0, leaving.Token));

        Assert.Equal((true, false), (blocked.Offer(half), blocked.IsBehind));
        Assert.Equal((true, true), (blocked.Offer(half), blocked.IsBehind));
        Assert.True(blocked.Offer([large, large, large]));
        Assert.False(blocked.Offer([large]));
        for (var page = 0; page < 3; page++)
        {
            Assert.True(reading.Offer([.. half, .. half, .. half]));
        }

        await cut.WaitAsync(Soon);
        stuck.SetResult();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => live);
    }

    [Fact]
    public async Task A_connection_that_breaks_ends_its_reader_and_not_the_feed()
    {
        var subscriber = new Subscriber(EventFilter.All, new CollectingSink(() => throw new IOException("gone")), () => { });
        var live = subscriber.LiveAsync(0, CancellationToken.None);

        Assert.True(subscriber.Offer(Frames(1, 1)));

        await Assert.ThrowsAsync<IOException>(() => live.WaitAsync(Soon));
        await subscriber.CloseAsync().WaitAsync(Soon);
    }

    [Fact]
    public async Task Frames_offered_from_one_side_while_flushes_end_on_another_are_written_once_in_order_by_one_at_a_time()
    {
        var sink = new CollectingSink();
        var subscriber = new Subscriber(EventFilter.All, sink, () => { });
        using var leaving = new CancellationTokenSource();
        var live = subscriber.LiveAsync(0, leaving.Token);

        for (var id = 1L; id <= 3_000; id++)
        {
            subscriber.Offer(Frames(id, id));
        }

        await Eventually.True(() => sink.Ids.Count == 3_000, Soon, "all are written");
        Assert.Equal(Enumerable.Range(1, 3_000).Select(id => (long)id), sink.Ids);
        Assert.False(sink.WasWrittenByTwoAtOnce);
        await leaving.CancelAsync();
        await subscriber.CloseAsync().WaitAsync(Soon);
        subscriber.Offer(Frames(3_001, 3_001));
        Assert.Equal(3_000, sink.Ids.Count);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => live);
    }

    private static Frame[] Frames(long from, long to) =>
        [.. Enumerable.Range(0, (int)(to - from + 1)).Select(n => Frame.Of(Envelopes.Stored(from + n)))];
}
