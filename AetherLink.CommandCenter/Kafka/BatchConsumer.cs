using System.Security.Cryptography;
using System.Text;
using AetherLink.ServiceDefaults;
using Confluent.Kafka;

namespace AetherLink.CommandCenter.Kafka;

/// <summary>A message as it came.</summary>
/// <param name="Place">Topic, partition and offset.</param>
/// <param name="SentAt">When, as its producer or the broker says.</param>
/// <param name="Key">The key, if it has one.</param>
/// <param name="Value">The bytes.</param>
/// <param name="Headers">The last of each name.</param>
internal sealed record Incoming(
    string Place, DateTimeOffset SentAt, string? Key, ReadOnlyMemory<byte> Value, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>
    /// A UUIDv7 that is the same each time the message comes. Not of its place alone: a broker that has lost its data gives the
    /// same places out again.
    /// </summary>
    public Guid Id()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{Place}\n"));
        hash.AppendData(Value.Span);
        var bytes = hash.GetHashAndReset();
        var time = Guid.CreateVersion7(SentAt).ToByteArray(bigEndian: true);
        time.AsSpan(0, 6).CopyTo(bytes);
        // The bits of version and variant (RFC 9562, 5.7).
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x70);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new(bytes.AsSpan(0, 16), bigEndian: true);
    }
}

/// <summary>
/// Consumes a topic in batches: the work first, the offsets after it. A batch that failed comes again, so that the work has
/// to bear repetition. An absent Kafka is waited for. Each topic has a consumer group of its own: in a common one, whoever
/// comes or goes at one topic would halt the others.
/// </summary>
internal abstract class BatchConsumer(
    string topic, KafkaAddress kafka, TopicSignature signature, DeadLetters deadLetters, DatabaseReady database, ServiceIdentity identity,
    ConsumerMetrics metrics, ILogger logger)
    : BackgroundLoop(logger)
{
    private const int MostMessages = 1_000;

    /// <summary>Messages may have a megabyte each, and a batch is in memory at once.</summary>
    private const int MostBytes = 16 * 1024 * 1024;

    /// <summary>How long an idle topic is waited for; also how long a stop may take.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(250);

    private readonly Offsets _offsets = new();
    private long _awaySince;

    protected ILogger Logger { get; } = logger;

    protected ServiceIdentity Identity { get; } = identity;

    protected DeadLetters DeadLetters { get; } = deadLetters;

    /// <summary>Returns when all of it is done for good.</summary>
    protected abstract Task HandleAsync(IReadOnlyList<Incoming> batch, CancellationToken cancellationToken);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        if (kafka.BootstrapServers is not { } servers)
        {
            Log.KafkaIsNotConfigured(Logger, topic);
            return;
        }
        await database.WaitAsync(stopping);
        // The client's own wait blocks, so it gets a thread of its own.
        await Task.Factory.StartNew(
            () => Consume(servers, stopping), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void Consume(string servers, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            ConsumeUntilLost(servers, stopping);
        }
    }

    private void ConsumeUntilLost(string servers, CancellationToken stopping)
    {
        IsThere();
        using var consumer = new ConsumerBuilder<string?, byte[]?>(new ConsumerConfig
        {
            BootstrapServers = servers,
            GroupId = $"{Identity.Resource}.{topic}",
            ClientId = Identity.Instance,
            EnableAutoCommit = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            AllowAutoCreateTopics = true,
            // A group waits this long for a member that died; with the default it looks hung.
            SessionTimeoutMs = 6_000,
            ReconnectBackoffMaxMs = 2_000, // the default of 10 s is long for a person who watches Kafka come back
            FetchWaitMaxMs = 50, // what is there is worth more than a fuller fetch
        })
        .SetErrorHandler((_, error) => OnError(error))
        .SetPartitionsAssignedHandler((member, partitions) => OnAssigned(member, partitions))
        .SetLogHandler((_, _) => { }) // what matters comes as an error
        .Build();
        consumer.Subscribe(topic);
        try
        {
            while (!stopping.IsCancellationRequested && !IsLost())
            {
                var results = Take(consumer);
                metrics.Lag(topic, consumer.Assignment.Select(partition => (consumer.GetWatermarkOffsets(partition).High, consumer.Position(partition))));
                if (results.Count == 0)
                {
                    continue;
                }
                HandleBelievedAsync(results.ConvertAll(Read), stopping).GetAwaiter().GetResult();
                consumer.Commit(Next(results));
                metrics.Consumed(topic, results.Count);
            }
        }
        finally
        {
            // Leaves the group, so that the next member need not wait for the session's time-out.
            consumer.Close();
        }
    }

    /// <summary>What no service of the mesh has signed is put aside before anybody looks at it: its tenant is anybody's word.</summary>
    private async Task HandleBelievedAsync(List<Incoming> batch, CancellationToken cancellationToken)
    {
        var faults = batch.ConvertAll(message => signature.Fault(topic, message.Key, message.Value.Span, message.Headers));
        if (faults.TrueForAll(fault => fault is null))
        {
            await HandleAsync(batch, cancellationToken);
            return;
        }
        await HandleAsync([.. batch.Zip(faults).Where(pair => pair.Second is null).Select(pair => pair.First)], cancellationToken);
        await DeadLetters.SendAsync(
            [.. batch.Zip(faults).Where(pair => pair.Second is not null).Select(pair => new DeadLetter(pair.First, pair.Second!))], cancellationToken);
    }

    private List<ConsumeResult<string?, byte[]?>> Take(IConsumer<string?, byte[]?> consumer)
    {
        var taken = new List<ConsumeResult<string?, byte[]?>>();
        var bytes = 0;
        try
        {
            for (var next = consumer.Consume(Idle); next is not null; next = taken.Count < MostMessages && bytes < MostBytes ? consumer.Consume(TimeSpan.Zero) : null)
            {
                IsThere();
                taken.Add(next);
                bytes += next.Message.Value?.Length ?? 0;
                if (_offsets.Take(next.TopicPartitionOffset) is not 0 and var skipped)
                {
                    Log.OffsetsAreGone(Logger, next.TopicPartitionOffset.ToString(), next.Offset.Value - skipped);
                    metrics.Skipped(topic, Math.Max(0, skipped));
                }
            }
        }
        catch (ConsumeException unknown) when (unknown.Error.Code is ErrorCode.UnknownTopicOrPart)
        {
            // Made by its first message.
        }
        return taken;
    }

    private static IEnumerable<TopicPartitionOffset> Next(IEnumerable<ConsumeResult<string?, byte[]?>> results) => results
        .GroupBy(result => result.TopicPartition)
        .Select(partition => new TopicPartitionOffset(partition.Key, partition.Max(result => result.Offset.Value) + 1));

    private static Incoming Read(ConsumeResult<string?, byte[]?> result) => new(
        result.TopicPartitionOffset.ToString(),
        SentAt(result.Message.Timestamp.UnixTimestampMs),
        result.Message.Key,
        result.Message.Value ?? [],
        (result.Message.Headers ?? []).GroupBy(header => header.Key, StringComparer.Ordinal)
            .ToDictionary(header => header.Key, header => Encoding.UTF8.GetString(header.Last().GetValueBytes() ?? []), StringComparer.Ordinal));

    /// <summary>A producer may say any number: one that is no time would otherwise stop the topic for good.</summary>
    private static DateTimeOffset SentAt(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(milliseconds, 0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));

    private void OnAssigned(IConsumer<string?, byte[]?> member, List<TopicPartition> partitions)
    {
        IsThere();
        try
        {
            _offsets.Expect(member.Committed(partitions, Idle * 20));
        }
        catch (KafkaException unknown)
        {
            // Nothing is expected then, and no jump is seen.
            _offsets.Expect([]);
            OnError(unknown.Error);
        }
    }

    private void OnError(Error error)
    {
        var isAway = error.Code is ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Transport or ErrorCode.Local_Resolve;
        if ((isAway || error.IsFatal) && Interlocked.CompareExchange(ref _awaySince, Clock.GetTimestamp(), 0) == 0)
        {
            Log.KafkaIsAway(Logger, topic, error.Reason);
        }
    }

    private void IsThere() => Volatile.Write(ref _awaySince, 0);

    private bool IsLost() => Volatile.Read(ref _awaySince) is not 0 and var since && Clock.GetElapsedTime(since) > kafka.Patience;
}
