using System.Runtime.InteropServices;
using System.Text;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.ServiceDefaults;
using Confluent.Kafka;

namespace AetherLink.Tests.CommandCenter;

/// <summary>librdkafka's own broker, in this process: real sockets, and its absence can be had.</summary>
public sealed class KafkaBroker : IDisposable
{
    private const int Producer = 0;
    private static readonly TopicSignature Signature = new(ToyApp.MeshKey, null);
    private readonly nint _client;
    private readonly nint _cluster;

    public KafkaBroker()
    {
        var error = new byte[512];
        _client = NewClient(Producer, NewConfiguration(), error, error.Length);
        _cluster = NewCluster(_client, brokers: 1);
        Address = Marshal.PtrToStringUTF8(Bootstraps(_cluster))!;
    }

    public string Address { get; }

    public void GoAway() => _ = SetDown(_cluster, 1);

    public void ComeBack() => _ = SetUp(_cluster, 1);

    /// <summary>As a service of the mesh does it: signed with the mesh key.</summary>
    public Task ProduceAsync(string topic, string key, string value, params (string Name, string Value)[] headers) => ProduceAsAnybodyAsync(
        topic, key, value,
        [.. headers, (TopicSignature.Header, Signature.Sign(topic, key, Encoding.UTF8.GetBytes(value), headers.ToDictionary(one => one.Name, one => one.Value)))]);

    public Task ProduceAsAnybodyAsync(string topic, string key, string value, params (string Name, string Value)[] headers)
    {
        var message = new Message<string, string> { Key = key, Value = value, Headers = [] };
        foreach (var (name, text) in headers)
        {
            message.Headers.Add(name, Encoding.UTF8.GetBytes(text));
        }
        return ProduceAsAnybodyAsync(topic, message);
    }

    public async Task ProduceAsAnybodyAsync(string topic, Message<string, string> message)
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = Address }).Build();
        await producer.ProduceAsync(topic, message);
    }

    /// <summary>As if a group had come so far, on each partition.</summary>
    public void Commit(string group, string topic, long offset)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = Address, GroupId = group }).Build();
        consumer.Commit(Enumerable.Range(0, 4).Select(partition => new TopicPartitionOffset(topic, partition, offset)));
    }

    /// <summary>Everything in a topic until so many messages are there.</summary>
    public List<Message<string, string>> Read(string topic, int count, TimeSpan within)
    {
        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = Address,
            GroupId = $"reader-{Guid.NewGuid():N}",
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
        }).Build();
        consumer.Assign(Enumerable.Range(0, 4).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        var messages = new List<Message<string, string>>();
        var deadline = DateTime.UtcNow + within;
        while (messages.Count < count && DateTime.UtcNow < deadline)
        {
            if (consumer.Consume(TimeSpan.FromMilliseconds(100)) is { } result)
            {
                messages.Add(result.Message);
            }
        }
        return messages;
    }

    public void Dispose()
    {
        DestroyCluster(_cluster);
        DestroyClient(_client);
    }

    [DllImport("librdkafka", EntryPoint = "rd_kafka_conf_new"), DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static extern nint NewConfiguration();

    [DllImport("librdkafka", EntryPoint = "rd_kafka_new"), DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static extern nint NewClient(int type, nint configuration, byte[] error, nint errorSize);

    [DllImport("librdkafka", EntryPoint = "rd_kafka_destroy"), DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static extern void DestroyClient(nint client);

    [DllImport("librdkafka", EntryPoint = "rd_kafka_mock_cluster_new"), DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static extern nint NewCluster(nint client, int brokers);

    [DllImport("librdkafka", EntryPoint = "rd_kafka_mock_cluster_destroy"), DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static extern void DestroyCluster(nint cluster);

    [DllImport("librdkafka", EntryPoint = "rd_kafka_mock_cluster_bootstraps"), DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static extern nint Bootstraps(nint cluster);

    [DllImport("librdkafka", EntryPoint = "rd_kafka_mock_broker_set_down"), DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static extern int SetDown(nint cluster, int broker);

    [DllImport("librdkafka", EntryPoint = "rd_kafka_mock_broker_set_up"), DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static extern int SetUp(nint cluster, int broker);
}
