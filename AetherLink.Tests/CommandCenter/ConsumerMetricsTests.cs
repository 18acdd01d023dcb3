using System.Diagnostics.Metrics;
using AetherLink.CommandCenter.Kafka;
using Confluent.Kafka;

namespace AetherLink.Tests.CommandCenter;

public sealed class ConsumerMetricsTests
{
    private const string Topic = "a topic of this test alone";

    [Fact]
    public void Lag_is_what_the_broker_has_told_of_and_nobody_has_taken_over_all_partitions()
    {
        var seen = new List<(string Name, string? Topic, long Value)>();
        using var listener = new MeterListener();
        using var factory = new Meters();
        var metrics = new ConsumerMetrics(factory);
        listener.InstrumentPublished = (instrument, on) =>
        {
            if (instrument.Name.StartsWith("command_center_kafka_", StringComparison.Ordinal))
            {
                on.EnableMeasurementEvents(instrument);
            }
        };
        // Other tests have consumers too: the topic is this one's own.
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (tags is [{ Value: Topic }])
            {
                seen.Add((instrument.Name, Topic, value));
            }
        });
        listener.Start();
        // Nothing was fetched of the last one yet.
        metrics.Lag(Topic, [(10, 4), (7, 7), (Offset.Unset, Offset.Unset)]);
        metrics.Consumed(Topic, 5);
        metrics.Consumed(Topic, 2);

        listener.RecordObservableInstruments();

        Assert.Equal(
            [("command_center_kafka_consumed", Topic, 5), ("command_center_kafka_consumed", Topic, 2), ("command_center_kafka_lag", Topic, 6)], seen);
    }
}
