using System.Diagnostics;
using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>A producer whose every send is a span that travels in the message's headers, and a measurement.</summary>
internal sealed class InstrumentedProducer<TKey, TValue>(IProducer<TKey, TValue> inner, bool metrics, bool traces) : IProducer<TKey, TValue>
{
    public Handle Handle => inner.Handle;
    public string Name => inner.Name;

    public Task<DeliveryResult<TKey, TValue>> ProduceAsync(string topic, Message<TKey, TValue> message, CancellationToken cancellationToken = default) =>
        SendAsync(topic, null, message, () => inner.ProduceAsync(topic, message, cancellationToken));

    public Task<DeliveryResult<TKey, TValue>> ProduceAsync(TopicPartition topicPartition, Message<TKey, TValue> message, CancellationToken cancellationToken = default) =>
        SendAsync(topicPartition.Topic, topicPartition.Partition, message, () => inner.ProduceAsync(topicPartition, message, cancellationToken));

    public void Produce(string topic, Message<TKey, TValue> message, Action<DeliveryReport<TKey, TValue>>? deliveryHandler = null) =>
        Send(topic, null, message, () => inner.Produce(topic, message, deliveryHandler));

    public void Produce(TopicPartition topicPartition, Message<TKey, TValue> message, Action<DeliveryReport<TKey, TValue>>? deliveryHandler = null) =>
        Send(topicPartition.Topic, topicPartition.Partition, message, () => inner.Produce(topicPartition, message, deliveryHandler));

    public int Poll(TimeSpan timeout) => inner.Poll(timeout);
    public int Flush(TimeSpan timeout) => inner.Flush(timeout);
    public void Flush(CancellationToken cancellationToken = default) => inner.Flush(cancellationToken);
    public int AddBrokers(string brokers) => inner.AddBrokers(brokers);
    public void InitTransactions(TimeSpan timeout) => inner.InitTransactions(timeout);
    public void BeginTransaction() => inner.BeginTransaction();
    public void CommitTransaction(TimeSpan timeout) => inner.CommitTransaction(timeout);
    public void CommitTransaction() => inner.CommitTransaction();
    public void AbortTransaction(TimeSpan timeout) => inner.AbortTransaction(timeout);
    public void AbortTransaction() => inner.AbortTransaction();
    public void SendOffsetsToTransaction(IEnumerable<TopicPartitionOffset> offsets, IConsumerGroupMetadata groupMetadata, TimeSpan timeout) =>
        inner.SendOffsetsToTransaction(offsets, groupMetadata, timeout);
    public void Dispose() => inner.Dispose();

    private async Task<DeliveryResult<TKey, TValue>> SendAsync(
        string topic, int? partition, Message<TKey, TValue> message, Func<Task<DeliveryResult<TKey, TValue>>> send)
    {
        using var activity = Start(topic, partition, message);
        var startedAt = Stopwatch.GetTimestamp();
        string? error = null;
        try
        {
            return await send().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            error = Fail(activity, e);
            throw;
        }
        finally
        {
            if (metrics) KafkaTelemetry.RecordSend(topic, partition, startedAt, error);
        }
    }

    private void Send(string topic, int? partition, Message<TKey, TValue> message, Action send)
    {
        using var activity = Start(topic, partition, message);
        var startedAt = Stopwatch.GetTimestamp();
        string? error = null;
        try
        {
            send();
        }
        catch (Exception e)
        {
            error = Fail(activity, e);
            throw;
        }
        finally
        {
            if (metrics) KafkaTelemetry.RecordSend(topic, partition, startedAt, error);
        }
    }

    private Activity? Start(string topic, int? partition, Message<TKey, TValue> message)
    {
        if (!traces || !KafkaTelemetry.Source.HasListeners()) return null;
        var tags = KafkaTelemetry.Tags("send", "send", topic, partition, error: null);
        var activity = KafkaTelemetry.Source.StartActivity($"send {topic}", ActivityKind.Producer, parentContext: default, tags);
        if (activity is null) return null;
        activity.SetTag("messaging.client.id", Name);
        if (message.Key is string key) activity.SetTag("messaging.kafka.message.key", key);
        message.Headers = KafkaTelemetry.Inject(activity, message.Headers);
        return activity;
    }

    private static string Fail(Activity? activity, Exception e)
    {
        var error = e is KafkaException kafka ? kafka.Error.Code.ToString() : e.GetType().FullName!;
        activity?.SetStatus(ActivityStatusCode.Error, e.Message).SetTag("error.type", error);
        return error;
    }
}
