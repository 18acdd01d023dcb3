using System.Text.RegularExpressions;
using AetherLink.ServiceDefaults;
using Aspire.Hosting.Testing;
using Confluent.Kafka;

namespace AetherLink.Tests.Chaos;

/// <summary>
/// Where the records are that have not arrived: still in a spool, in a topic that nobody reads, dropped by the broker, or put
/// aside. Told beside a finding, since afterwards nobody can look.
/// </summary>
internal static partial class Whereabouts
{
    /// <summary>What the Command Center consumes, each in a consumer group of its own.</summary>
    private static readonly string[] Consumed = [Topics.OpsEvents, Topics.OrchestratorAudit];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<string> OfAsync(ChaosMesh mesh)
    {
        var kafka = await mesh.Application.GetConnectionStringAsync("kafka");
        List<string> lines =
        [
            "Where things are:",
            .. await MetricsAsync(mesh, "orchestrator"),
            .. await MetricsAsync(mesh, "command-center"),
            .. await Task.Run(() => Offsets(kafka!)),
        ];
        return string.Join("\n  ", lines);
    }

    private static async Task<IEnumerable<string>> MetricsAsync(ChaosMesh mesh, string service)
    {
        using var client = mesh.Client(service);
        client.Timeout = Patience;
        try
        {
            var metrics = await client.GetStringAsync("/metrics");
            return Telling().Matches(metrics).Select(sample => $"{service}: {sample.Value.Trim()}");
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return [$"{service}: no metrics, {exception.Message}"];
        }
    }

    /// <summary>Of each partition that has had a message: what the broker still has of it, and up to where it was worked on.</summary>
    private static List<string> Offsets(string kafka)
    {
        try
        {
            return [.. Consumed.SelectMany(topic => Offsets(kafka, topic))];
        }
        catch (KafkaException exception)
        {
            return [$"kafka: {exception.Message}"];
        }
    }

    private static List<string> Offsets(string kafka, string topic)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(
            new ConsumerConfig { BootstrapServers = kafka, GroupId = $"command-center.{topic}", EnableAutoCommit = false })
            .SetErrorHandler((_, _) => { })
            .SetLogHandler((_, _) => { })
            .Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        return [.. admin.GetMetadata(topic, Patience).Topics.Single().Partitions
            .Select(partition => Line(consumer, new(topic, partition.PartitionId))).OfType<string>()];
    }

    private static string? Line(IConsumer<Ignore, Ignore> consumer, TopicPartition partition)
    {
        var marks = consumer.QueryWatermarkOffsets(partition, Patience);
        var done = consumer.Committed([partition], Patience).Single().Offset;
        return marks.High == 0
            ? null
            : $"kafka: {partition.Topic} {partition.Partition.Value}: the broker has {marks.Low} to {marks.High}, committed is {(done.IsSpecial ? "nothing" : done.Value)}";
    }

    [GeneratedRegex("^[a-z_]*(spool|kafka|consume|dead_letter|dropped|ingest)[^\n]*", RegexOptions.Multiline)]
    private static partial Regex Telling();
}
