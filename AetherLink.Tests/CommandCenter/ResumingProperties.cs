using AetherLink.CommandCenter.Events.Querying;
using AetherLink.CommandCenter.Events.Streaming;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.CommandCenter;

/// <summary>Readers that join at any moment between commits, by any replica, and at any place: nothing missing, nothing twice.</summary>
public sealed class ResumingProperties
{
    private enum Step
    {
        Commit,
        CommitMany,
        Advance,
        JoinAtStart,
        JoinSomewhere,
        JoinFiltered,
        Leave,
    }

    [Fact]
    public void Every_reader_gets_everything_after_its_place_once_and_in_order() =>
        Prop.ForAll(
            Gen.Choose(0, 1_000_000).ArrayOf().ToArbitrary(),
            script => RunAsync(script).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(60));

    private static async Task<bool> RunAsync(int[] script)
    {
        var log = new Log();
        var feed = new EventFeed(log, new CommitSignal(), Meters.Events);
        var readers = new List<Reader>();
        foreach (var number in script)
        {
            switch ((Step)(number % 7))
            {
                case Step.Commit:
                    log.Commit(1);
                    break;
                case Step.CommitMany:
                    log.Commit(number % 1_200);
                    break;
                case Step.Advance:
                    await feed.AdvanceAsync(CancellationToken.None);
                    break;
                case Step.JoinAtStart:
                    readers.Add(new Reader(0, EventFilter.All, log, feed));
                    break;
                case Step.JoinSomewhere:
                    readers.Add(new Reader(number % (log.Head + 1), EventFilter.All, log, feed));
                    break;
                case Step.JoinFiltered:
                    readers.Add(new Reader(number % (log.Head + 1), EventFilter.All with { TenantId = "odd" }, log, feed));
                    break;
                case Step.Leave when readers.Count > 0:
                    await readers[number % readers.Count].LeaveAsync();
                    break;
            }
        }
        log.Commit(1);
        await Eventually.True(
            async () =>
            {
                await feed.AdvanceAsync(CancellationToken.None);
                return readers.All(reader => reader.HasAll);
            },
            TimeSpan.FromSeconds(10), "every reader has everything");
        foreach (var reader in readers)
        {
            await reader.StopAsync();
        }
        var held = feed.Subscribers == 0 && readers.All(reader => reader.SawWhatItShould);
        readers.ForEach(reader => reader.Dispose());
        return held;
    }

    private sealed class Reader : IDisposable
    {
        private readonly CancellationTokenSource _leaving = new();
        private readonly List<CollectingSink> _sinks = [];
        private readonly long _from;
        private readonly EventFilter _filter;
        private readonly Log _log;
        private readonly Task _reading;
        private long? _leftAt;

        public Reader(long from, EventFilter filter, Log log, EventFeed feed)
        {
            (_from, _filter, _log) = (from, filter, log);
            _reading = ReadAsync(feed);
        }

        public bool HasAll => _leftAt is not null || Seen.LastOrDefault() >= Expected(_log.Head).LastOrDefault();

        public bool SawWhatItShould => _leftAt is { } left
            ? Seen.SequenceEqual(Expected(left).Take(Seen.Count))
            : Seen.SequenceEqual(Expected(_log.Head));

        private List<long> Seen
        {
            get
            {
                lock (_sinks)
                {
                    return [.. _sinks.SelectMany(sink => sink.Ids)];
                }
            }
        }

        public Task LeaveAsync()
        {
            _leftAt ??= _log.Head;
            return StopAsync();
        }

        public async Task StopAsync()
        {
            await _leaving.CancelAsync();
            await _reading;
        }

        public void Dispose() => _leaving.Dispose();

        private IEnumerable<long> Expected(long upTo) =>
            _log.Upto(upTo).Where(one => one.Sequence > _from && _filter.MatchesLive(one)).Select(one => one.Sequence);

        private async Task ReadAsync(EventFeed feed)
        {
            // A reader that was cut off comes back with its last id.
            while (!_leaving.IsCancellationRequested)
            {
                var sink = new CollectingSink();
                var subscriber = new Subscriber(_filter, sink, cutOff: () => { });
                lock (_sinks)
                {
                    _sinks.Add(sink);
                }
                try
                {
                    await Resuming.RunAsync(Seen.Append(_from).Max(), _filter, subscriber, _log, feed, _leaving.Token);
                }
                catch (OperationCanceledException)
                {
                    // It left.
                }
                finally
                {
                    feed.Leave(subscriber);
                    await subscriber.CloseAsync();
                }
            }
        }
    }

    /// <summary>A table in memory, in the order of its commits.</summary>
    private sealed class Log : IEventLog
    {
        private readonly List<StoredEvent> _events = [];

        public long Head
        {
            get
            {
                lock (_events)
                {
                    return _events.Count;
                }
            }
        }

        public void Commit(int count)
        {
            lock (_events)
            {
                for (; count > 0; count--)
                {
                    _events.Add(Envelopes.Stored(_events.Count + 1, tenant: _events.Count % 2 == 0 ? "odd" : "even"));
                }
            }
        }

        public List<StoredEvent> Upto(long sequence)
        {
            lock (_events)
            {
                return [.. _events.Take((int)sequence)];
            }
        }

        public async Task<long> HeadAsync(CancellationToken cancellationToken)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            return Head;
        }

        public async Task<IReadOnlyList<StoredEvent>> AfterAsync(
            long after, long upTo, EventFilter filter, int limit, CancellationToken cancellationToken)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            return [.. Upto(Head).Where(one => one.Sequence > after && one.Sequence <= upTo && filter.MatchesLive(one)).Take(limit)];
        }
    }
}
