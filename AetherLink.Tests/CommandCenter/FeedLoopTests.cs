using AetherLink.CommandCenter.Events.Querying;
using AetherLink.CommandCenter.Events.Streaming;
using AetherLink.ServiceDefaults;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AetherLink.Tests.CommandCenter;

public sealed class FeedLoopTests
{
    [Fact]
    public async Task Stream_goes_on_with_the_next_pulse_when_the_storage_had_been_away_for_long()
    {
        var log = new Log { IsAway = true };
        var signal = new CommitSignal();
        var feed = new EventFeed(log, signal, Meters.Events);
        var database = new DatabaseReady();
        database.Set();
        using var loop = new FeedLoop(feed, database, NullLogger<FeedLoop>.Instance);
        await loop.StartAsync(default);
        var joining = feed.JoinAsync(new Subscriber(EventFilter.All, new CollectingSink(), () => { }), default);

        // Ten tries with the growing delay of a failed loop would take minutes.
        await Eventually.True(() => Pulsed(() => log.Asked >= 10), TimeSpan.FromSeconds(10));
        Assert.False(joining.IsCompleted);
        log.IsAway = false;
        await Eventually.True(() => Pulsed(() => joining.IsCompletedSuccessfully), TimeSpan.FromSeconds(5));

        await loop.StopAsync(default);

        bool Pulsed(Func<bool> condition)
        {
            signal.Pulse();
            return condition();
        }
    }

    private sealed class Log : IEventLog
    {
        private int _asked;

        public bool IsAway { get; set; }

        public int Asked => Volatile.Read(ref _asked);

        public Task<long> HeadAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            return IsAway ? throw new NpgsqlException("away") : Task.FromResult(7L);
        }

        public Task<IReadOnlyList<StoredEvent>> AfterAsync(
            long after, long upTo, EventFilter filter, int limit, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<StoredEvent>>([]);
    }
}
