using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;

namespace Aspire.Confluent.Kafka;

/// <summary>The names and tags of OpenTelemetry's messaging conventions, as OpenTelemetry.Instrumentation.ConfluentKafka has them.</summary>
internal static class KafkaTelemetry
{
    public const string Name = "OpenTelemetry.Instrumentation.ConfluentKafka";

    public static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "messaging.client.operation.duration", "s", "Duration of messaging operation initiated by a producer or consumer client.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] });

    private static readonly Counter<long> Sent = Meter.CreateCounter<long>(
        "messaging.client.sent.messages", "{message}", "Number of messages producer attempted to send to the broker.");

    private static readonly Counter<long> Consumed = Meter.CreateCounter<long>(
        "messaging.client.consumed.messages", "{message}", "Number of messages that were delivered to the application.");

    public static void RecordSend(string topic, int? partition, long startedAt, string? error)
    {
        var tags = Tags("send", "send", topic, partition, error);
        Sent.Add(1, tags);
        Duration.Record(Stopwatch.GetElapsedTime(startedAt).TotalSeconds, tags);
    }

    public static void RecordPoll(string topic, int? partition, long startedAt, string? error)
    {
        var tags = Tags("poll", "receive", topic, partition, error);
        if (error is null) Consumed.Add(1, tags);
        Duration.Record(Stopwatch.GetElapsedTime(startedAt).TotalSeconds, tags);
    }

    public static TagList Tags(string operation, string type, string topic, int? partition, string? error)
    {
        TagList tags = new()
        {
            { "messaging.operation.name", operation },
            { "messaging.operation.type", type },
            { "messaging.system", "kafka" },
            { "messaging.destination.name", topic },
        };
        if (partition is { } p) tags.Add("messaging.destination.partition.id", p.ToString(CultureInfo.InvariantCulture));
        if (error is not null) tags.Add("error.type", error);
        return tags;
    }

    public static Headers Inject(Activity activity, Headers? headers)
    {
        headers ??= [];
        Propagators.DefaultTextMapPropagator.Inject(
            new PropagationContext(activity.Context, Baggage.Current), headers,
            static (carrier, key, value) => carrier.Add(key, Encoding.UTF8.GetBytes(value)));
        return headers;
    }

    public static PropagationContext Extract(Headers? headers) =>
        Propagators.DefaultTextMapPropagator.Extract(default, headers,
            static (carrier, key) => carrier is not null && carrier.TryGetLastBytes(key, out var value) ? [Encoding.UTF8.GetString(value)] : []);
}
