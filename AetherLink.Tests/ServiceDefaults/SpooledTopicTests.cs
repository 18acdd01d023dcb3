using System.Collections.Concurrent;
using System.Text;
using AetherLink.ServiceDefaults;
using Microsoft.Extensions.Logging.Abstractions;

namespace AetherLink.Tests.ServiceDefaults;

public sealed class SpooledTopicTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("aether-topic-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Records_are_handed_on_in_order_as_they_come()
    {
        using var topic = Open();
        using var broker = new Broker();
        using var stop = new CancellationTokenSource();
        var draining = topic.DrainAsync(broker, stop.Token);

        for (var i = 0; i < 100; i++)
        {
            Append(topic, $"{i}");
        }

        await Eventually.True(() => topic.Pending == 0, Soon);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), broker.Taken);
        await StopAsync(draining, stop);
    }

    [Fact]
    public async Task Nothing_is_lost_while_the_broker_is_away()
    {
        using var broker = new Broker { IsAway = true };
        using (var topic = Open())
        {
            Append(topic, "a");
            Append(topic, "b");
            await Assert.ThrowsAsync<IOException>(() => topic.DrainAsync(broker, default));
            Assert.Equal(2, topic.Pending);
        }

        broker.IsAway = false;
        using var again = Open();
        using var stop = new CancellationTokenSource();
        var draining = again.DrainAsync(broker, stop.Token);

        await Eventually.True(() => again.Pending == 0, Soon);
        Assert.Equal(["a", "b"], broker.Taken);
        await StopAsync(draining, stop);
    }

    [Fact]
    public async Task Record_that_is_refused_for_good_is_kept_aside_and_holds_up_nothing()
    {
        using var topic = Open();
        using var broker = new Broker { Refused = "bad" };
        using var stop = new CancellationTokenSource();
        Append(topic, "good");
        Append(topic, "bad");
        Append(topic, "better");

        var draining = topic.DrainAsync(broker, stop.Token);

        await Eventually.True(() => topic.Pending == 0, Soon);
        Assert.Equal(["good", "better"], broker.Taken);
        var aside = SpooledRecord.Read(await File.ReadAllBytesAsync(Path.Combine(_folder, "rejected")));
        Assert.Equal("bad", Encoding.UTF8.GetString(aside.Value));
        await StopAsync(draining, stop);
    }

    [Fact]
    public async Task Record_that_is_refused_for_good_and_cannot_be_kept_aside_does_not_send_the_others_for_ever()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "rejected"));
        using var topic = Open();
        using var broker = new Broker { Refused = "bad" };
        using var stop = new CancellationTokenSource();
        foreach (var value in (string[])["good", "bad", "better"]) Append(topic, value);

        var draining = topic.DrainAsync(broker, stop.Token);

        await Eventually.True(() => topic.Pending == 0, Soon);
        Assert.Equal(["good", "better"], broker.Taken);
        await StopAsync(draining, stop);
    }

    [Fact]
    public async Task Follower_sees_each_record_once_however_often_the_broker_is_tried_and_again_only_after_a_crash()
    {
        var follower = new Follower();
        using var broker = new Broker { IsAway = true };
        using (var topic = Open(follower))
        {
            Append(topic, "a");
            await Assert.ThrowsAsync<IOException>(() => topic.DrainAsync(broker, default));
            Append(topic, "b");
            await Assert.ThrowsAsync<IOException>(() => topic.DrainAsync(broker, default));
        }
        Assert.Equal(["a", "b"], follower.Seen);

        broker.IsAway = false;
        using var again = Open(follower);
        using var stop = new CancellationTokenSource();
        var draining = again.DrainAsync(broker, stop.Token);
        await Eventually.True(() => again.Pending == 0, Soon);
        Append(again, "c");
        await Eventually.True(() => again.Pending == 0, Soon);

        Assert.Equal(["a", "b", "a", "b", "c"], follower.Seen);
        await StopAsync(draining, stop);
    }

    private SpooledTopic Open(ISpoolFollower? follower = null) => new("t", _folder, new(), NullLogger<SpooledTopic>.Instance, follower);

    private static void Append(SpooledTopic topic, string value) =>
        Assert.True(topic.TryAppend("k", Encoding.UTF8.GetBytes(value), new Dictionary<string, string>()));

    private static async Task StopAsync(Task draining, CancellationTokenSource stop)
    {
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => draining);
    }

    private sealed class Follower : ISpoolFollower
    {
        public ConcurrentQueue<string> Seen { get; } = new();

        public void See(ReadOnlySpan<byte> value) => Seen.Enqueue(Encoding.UTF8.GetString(value));
    }

    private sealed class Broker : ITopicWriter
    {
        public ConcurrentQueue<string> Taken { get; } = new();

        public bool IsAway { get; set; }

        public string? Refused { get; init; }

        public Task<IReadOnlyList<Rejection>> WriteAsync(IReadOnlyList<SpooledRecord> records, CancellationToken cancellationToken)
        {
            if (IsAway)
            {
                throw new IOException("away");
            }
            var rejections = new List<Rejection>();
            foreach (var record in records)
            {
                var value = Encoding.UTF8.GetString(record.Value);
                if (value == Refused)
                {
                    rejections.Add(new(record, "refused"));
                }
                else
                {
                    Taken.Enqueue(value);
                }
            }
            return Task.FromResult<IReadOnlyList<Rejection>>(rejections);
        }

        public void Dispose()
        {
        }
    }
}
