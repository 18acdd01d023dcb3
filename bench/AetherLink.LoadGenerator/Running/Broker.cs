using System.Diagnostics;
using Confluent.Kafka;

namespace AetherLink.LoadGenerator.Running;

/// <summary>The development broker, in a process of its own; null where compat/ is not built, and a mesh would run a real one.</summary>
internal sealed class Broker : IAsyncDisposable
{
    private const string AddressLine = "BOOTSTRAP ";

    /// <summary>A spool that drains at all has nothing left within seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    private readonly ChildProcess _process;

    private Broker(ChildProcess process, string address) => (_process, Address) = (process, address);

    public string Address { get; }

    public int ProcessId => _process.Id;

    public static async Task<Broker?> StartAsync(Bench bench, params string[] topics)
    {
        var program = Path.Combine(bench.Root, "compat/Aspire.Hosting.Kafka.Broker/bin/Release/net10.0/Aspire.Hosting.Kafka.Broker");
        if (!File.Exists(program)) return null;
        var process = await ChildProcess.StartAsync([program, .. topics.SelectMany(topic => (string[])["--topic", topic])]);
        return new(process, (await process.FirstLine)[AddressLine.Length..].Trim());
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <summary>The sum of a topic's high watermarks, once it is as much as is awaited and does not grow beyond it, or nothing more comes.</summary>
    public async Task<long> RecordsAsync(string topic, long awaited, CancellationToken cancellationToken)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = Address, GroupId = "watermarks" }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, Patience).Topics.Single().Partitions.Select(one => new TopicPartition(topic, one.PartitionId)).ToList();
        var (records, since) = (-1L, Stopwatch.StartNew());
        while (true)
        {
            var now = partitions.Sum(one => consumer.QueryWatermarkOffsets(one, Patience).High.Value);
            // One too many would come behind the last.
            if (now == records && (since.Elapsed > Patience || (now >= awaited && since.Elapsed > TimeSpan.FromSeconds(1)))) return now;
            if (now != records) (records, since) = (now, Stopwatch.StartNew());
            await Task.Delay(Between, cancellationToken);
        }
    }
}
