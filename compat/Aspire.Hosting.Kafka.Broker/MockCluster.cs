namespace Aspire.Hosting.Kafka.Broker;

/// <summary>One broker of librdkafka's mock cluster, on a real socket of 127.0.0.1.</summary>
internal sealed class MockCluster : IDisposable
{
    // The only broker; the mock numbers them from one.
    private const int BrokerId = 1;
    // What the mock gives a topic that appears by use.
    private const int Partitions = 4;

    private readonly nint _client;
    private readonly nint _cluster;

    private MockCluster(nint client, nint cluster) => (_client, _cluster) = (client, cluster);

    public string Address { get; private init; } = "";

    public static MockCluster Start(IEnumerable<string> topics)
    {
        var configuration = Librdkafka.NewConfiguration();
        var error = new byte[512];
        // 3: errors. The client is only the mock's home, and would report that it has no broker to speak to.
        _ = Librdkafka.Set(configuration, "log_level", "3", error, error.Length);
        var client = Librdkafka.NewClient(Librdkafka.Producer, configuration, error, error.Length);
        if (client == 0) throw new InvalidOperationException(Librdkafka.Text(error));

        var cluster = Librdkafka.NewCluster(client, brokers: 1);
        if (cluster == 0) throw new InvalidOperationException("The mock cluster did not start: no socket of 127.0.0.1 could be had.");
        foreach (var topic in topics) Check(Librdkafka.CreateTopic(cluster, topic, Partitions, replicationFactor: 1), $"create topic {topic}");
        return new MockCluster(client, cluster) { Address = Librdkafka.Text(Librdkafka.Bootstraps(cluster)) };
    }

    /// <summary>Closes every connection and refuses new ones; messages and offsets are kept.</summary>
    public void GoDown() => Check(Librdkafka.SetDown(_cluster, BrokerId), "go down");

    /// <summary>Accepts again, on the same port.</summary>
    public void ComeUp() => Check(Librdkafka.SetUp(_cluster, BrokerId), "come up");

    public void Dispose()
    {
        Librdkafka.DestroyCluster(_cluster);
        Librdkafka.DestroyClient(_client);
    }

    private static void Check(int error, string what)
    {
        if (error != 0) throw new InvalidOperationException($"The mock cluster could not {what}: {Librdkafka.Text(Librdkafka.Describe(error))}.");
    }
}
