using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Confluent.Kafka;

namespace AetherLink.CommandCenter.Kafka;

/// <summary>How far the consumers have come.</summary>
internal sealed class ConsumerMetrics
{
    private readonly Counter<long> _consumed;
    private readonly Counter<long> _skipped;
    private readonly ConcurrentDictionary<string, long> _lags = new(StringComparer.Ordinal);

    public ConsumerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("AetherLink.CommandCenter");
        _consumed = meter.CreateCounter<long>("command_center_kafka_consumed", description: "Messages worked on, their offsets committed.");
        _skipped = meter.CreateCounter<long>(
            "command_center_kafka_skipped", description: "Messages that the broker had dropped before they were fetched.");
        meter.CreateObservableGauge(
            "command_center_kafka_lag",
            () => _lags.Select(lag => new Measurement<long>(lag.Value, new KeyValuePair<string, object?>("topic", lag.Key))),
            description: "Messages that the broker has told of, and that are not fetched yet.");
    }

    public void Consumed(string topic, int messages) => _consumed.Add(messages, new KeyValuePair<string, object?>("topic", topic));

    public void Skipped(string topic, long messages) => _skipped.Add(messages, new KeyValuePair<string, object?>("topic", topic));

    /// <summary>From what the last fetches said; nobody is asked.</summary>
    public void Lag(string topic, IEnumerable<(Offset High, Offset Position)> partitions) => _lags[topic] = partitions.Sum(partition =>
        partition is { High.IsSpecial: false, Position.IsSpecial: false } ? Math.Max(0, partition.High.Value - partition.Position.Value) : 0);
}
