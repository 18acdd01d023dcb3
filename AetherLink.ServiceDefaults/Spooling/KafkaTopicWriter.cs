using System.Text;
using Confluent.Kafka;

namespace AetherLink.ServiceDefaults;

/// <summary>A record that will never be taken, and why.</summary>
internal sealed record Rejection(SpooledRecord Record, string Reason);

/// <summary>Where a spool hands its records on to.</summary>
internal interface ITopicWriter : IDisposable
{
    /// <summary>Returns when every record is confirmed, with those that were refused for good. Throws when unsure.</summary>
    Task<IReadOnlyList<Rejection>> WriteAsync(IReadOnlyList<SpooledRecord> records, CancellationToken cancellationToken);
}

/// <summary>
/// Writes to Kafka: all replicas, idempotent, in order. It waits for an absent Kafka instead of failing: a message that timed
/// out while its successors arrived would be sent again behind them.
/// </summary>
internal sealed class KafkaTopicWriter : ITopicWriter
{
    private readonly string _topic;
    private readonly TopicSignature _signature;
    private readonly ILogger _logger;
    private readonly IProducer<string, byte[]> _producer;
    private int _away;

    public KafkaTopicWriter(string topic, string bootstrapServers, string clientId, TopicSignature signature, ILogger logger)
    {
        (_topic, _signature, _logger) = (topic, signature, logger);
        _producer = new ProducerBuilder<string, byte[]>(new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            ClientId = clientId,
            Acks = Acks.All,
            EnableIdempotence = true,
            MessageTimeoutMs = 0, // no limit
            CompressionType = CompressionType.Lz4, // a broker that keeps little keeps several times as much of what waits for its reader
            LingerMs = 2, // the drain hands over whole batches; more would only delay a single event
            LogConnectionClose = false, // a broker closes idle connections, and is not away for that
            ReconnectBackoffMaxMs = 2000, // the default of 10 s is long for a person who watches Kafka come back
        })
        .SetErrorHandler((_, error) => OnError(error))
        .SetLogHandler((_, _) => { }) // what matters comes as an error
        .Build();
    }

    public async Task<IReadOnlyList<Rejection>> WriteAsync(
        IReadOnlyList<SpooledRecord> records, CancellationToken cancellationToken)
    {
        var batch = new Confirmation(records.Count);
        await using var cancelled = cancellationToken.Register(() => batch.Cancel(cancellationToken));
        foreach (var record in records)
            Produce(record, batch);

        var rejections = await batch.Task;
        if (Interlocked.Exchange(ref _away, 0) == 1)
            Log.KafkaIsBack(_logger, _topic);
        return rejections;
    }

    public void Dispose() => _producer.Dispose();

    private void Produce(SpooledRecord record, Confirmation batch)
    {
        var headers = new Headers();
        foreach (var (name, text) in record.Headers)
            headers.Add(name, Encoding.UTF8.GetBytes(text));
        // Only now: what waited in the spool over a change of the mesh key is signed with the one of today.
        headers.Add(TopicSignature.Header, Encoding.UTF8.GetBytes(_signature.Sign(_topic, record.Key, record.Value, record.Headers)));
        try
        {
            _producer.Produce(
                _topic,
                new Message<string, byte[]> { Key = record.Key, Value = record.Value, Headers = headers },
                report => batch.Report(record, report.Error));
        }
        catch (ProduceException<string, byte[]> refused) when (IsForGood(refused.Error))
        {
            batch.Report(record, refused.Error);
        }
    }

    private void OnError(Error error)
    {
        var isAway = error.Code is ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Transport or ErrorCode.Local_Resolve;
        if ((isAway || error.IsFatal) && Interlocked.Exchange(ref _away, 1) == 0)
            Log.KafkaIsAway(_logger, _topic, error.Reason);
    }

    private static bool IsForGood(Error error) =>
        error.Code is ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsg or ErrorCode.InvalidRecord;

    /// <summary>Counts the delivery reports of one batch.</summary>
    private sealed class Confirmation(int outstanding)
    {
        private readonly TaskCompletionSource<IReadOnlyList<Rejection>> _done =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<Rejection> _rejections = [];
        private int _outstanding = outstanding;

        public Task<IReadOnlyList<Rejection>> Task => _done.Task;

        // Reports come from the producer's one poll thread, refusals before it from the caller's.
        public void Report(SpooledRecord record, Error error)
        {
            if (error.IsError && IsForGood(error))
            {
                lock (_rejections)
                    _rejections.Add(new(record, error.Reason));
            }
            else if (error.IsError)
            {
                _done.TrySetException(new KafkaException(error));
            }
            if (Interlocked.Decrement(ref _outstanding) == 0)
                _done.TrySetResult(_rejections);
        }

        public void Cancel(CancellationToken token) => _done.TrySetCanceled(token);
    }
}
