using System.Diagnostics;
using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>A consumer whose every message is a span linked to its sender's, and a measurement.</summary>
internal sealed class InstrumentedConsumer<TKey, TValue>(IConsumer<TKey, TValue> inner, bool metrics, bool traces) : IConsumer<TKey, TValue>
{
    public Handle Handle => inner.Handle;
    public string Name => inner.Name;
    public string MemberId => inner.MemberId;
    public List<TopicPartition> Assignment => inner.Assignment;
    public List<string> Subscription => inner.Subscription;
    public IConsumerGroupMetadata ConsumerGroupMetadata => inner.ConsumerGroupMetadata;

    public ConsumeResult<TKey, TValue> Consume(int millisecondsTimeout) => Poll(() => inner.Consume(millisecondsTimeout));
    public ConsumeResult<TKey, TValue> Consume(CancellationToken cancellationToken = default) => Poll(() => inner.Consume(cancellationToken));
    public ConsumeResult<TKey, TValue> Consume(TimeSpan timeout) => Poll(() => inner.Consume(timeout));

    public int AddBrokers(string brokers) => inner.AddBrokers(brokers);
    public void Subscribe(IEnumerable<string> topics) => inner.Subscribe(topics);
    public void Subscribe(string topic) => inner.Subscribe(topic);
    public void Unsubscribe() => inner.Unsubscribe();
    public void Assign(TopicPartition partition) => inner.Assign(partition);
    public void Assign(TopicPartitionOffset partition) => inner.Assign(partition);
    public void Assign(IEnumerable<TopicPartitionOffset> partitions) => inner.Assign(partitions);
    public void Assign(IEnumerable<TopicPartition> partitions) => inner.Assign(partitions);
    public void IncrementalAssign(IEnumerable<TopicPartitionOffset> partitions) => inner.IncrementalAssign(partitions);
    public void IncrementalAssign(IEnumerable<TopicPartition> partitions) => inner.IncrementalAssign(partitions);
    public void IncrementalUnassign(IEnumerable<TopicPartition> partitions) => inner.IncrementalUnassign(partitions);
    public void Unassign() => inner.Unassign();
    public void StoreOffset(ConsumeResult<TKey, TValue> result) => inner.StoreOffset(result);
    public void StoreOffset(TopicPartitionOffset offset) => inner.StoreOffset(offset);
    public List<TopicPartitionOffset> Commit() => inner.Commit();
    public void Commit(IEnumerable<TopicPartitionOffset> offsets) => inner.Commit(offsets);
    public void Commit(ConsumeResult<TKey, TValue> result) => inner.Commit(result);
    public void Seek(TopicPartitionOffset tpo) => inner.Seek(tpo);
    public void Pause(IEnumerable<TopicPartition> partitions) => inner.Pause(partitions);
    public void Resume(IEnumerable<TopicPartition> partitions) => inner.Resume(partitions);
    public List<TopicPartitionOffset> Committed(TimeSpan timeout) => inner.Committed(timeout);
    public List<TopicPartitionOffset> Committed(IEnumerable<TopicPartition> partitions, TimeSpan timeout) => inner.Committed(partitions, timeout);
    public Offset Position(TopicPartition partition) => inner.Position(partition);
    public List<TopicPartitionOffset> OffsetsForTimes(IEnumerable<TopicPartitionTimestamp> timestampsToSearch, TimeSpan timeout) =>
        inner.OffsetsForTimes(timestampsToSearch, timeout);
    public WatermarkOffsets GetWatermarkOffsets(TopicPartition topicPartition) => inner.GetWatermarkOffsets(topicPartition);
    public WatermarkOffsets QueryWatermarkOffsets(TopicPartition topicPartition, TimeSpan timeout) => inner.QueryWatermarkOffsets(topicPartition, timeout);
    public void Close() => inner.Close();
    public void Dispose() => inner.Dispose();

    private ConsumeResult<TKey, TValue> Poll(Func<ConsumeResult<TKey, TValue>> consume)
    {
        var startedAt = Stopwatch.GetTimestamp();
        try
        {
            var result = consume();
            // An empty poll and the end of a partition are no messages.
            if (result is { IsPartitionEOF: false }) Observe(result.TopicPartitionOffset, result.Message.Headers, startedAt, error: null);
            return result;
        }
        catch (ConsumeException e)
        {
            Observe(e.ConsumerRecord.TopicPartitionOffset, e.ConsumerRecord.Message?.Headers, startedAt, e.Error.Code.ToString());
            throw;
        }
    }

    private void Observe(TopicPartitionOffset at, Headers? headers, long startedAt, string? error)
    {
        if (metrics) KafkaTelemetry.RecordPoll(at.Topic, at.Partition, startedAt, error);
        if (!traces || !KafkaTelemetry.Source.HasListeners()) return;

        var sender = KafkaTelemetry.Extract(headers).ActivityContext;
        ActivityLink[] links = sender != default ? [new ActivityLink(sender)] : [];
        using var activity = KafkaTelemetry.Source.StartActivity(
            $"poll {at.Topic}", ActivityKind.Client, parentContext: default,
            KafkaTelemetry.Tags("poll", "receive", at.Topic, at.Partition, error), links,
            DateTimeOffset.UtcNow - Stopwatch.GetElapsedTime(startedAt));
        activity?.SetTag("messaging.client.id", Name)
            .SetTag("messaging.kafka.offset", at.Offset.Value);
        if (error is not null) activity?.SetStatus(ActivityStatusCode.Error, error);
    }
}
