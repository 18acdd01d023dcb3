using System.Net;
using System.Net.Sockets;
using Confluent.Kafka;

namespace Compat.Tests.Broker;

public sealed class BrokerTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Broker_says_where_it_is_and_what_it_does_not_keep()
    {
        using var broker = await BrokerProcess.StartAsync();

        Assert.True(IPEndPoint.TryParse(broker.Address, out var address) && IPAddress.IsLoopback(address.Address), broker.Address);
        Assert.Contains("nothing on disk", broker.Note, StringComparison.Ordinal);
        Assert.Contains("5 MB a partition", broker.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broker_gives_a_topic_four_partitions()
    {
        using var broker = await BrokerProcess.StartAsync("--topic", "known");
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.Address }).Build();

        Assert.Equal(4, admin.GetMetadata("known", Soon).Topics.Single().Partitions.Count);
    }

    [Fact]
    public async Task Broker_refuses_while_it_is_down_and_has_kept_its_messages_when_it_is_up()
    {
        using var broker = await BrokerProcess.StartAsync();
        using var producer = Producer(broker.Address);
        await producer.ProduceAsync("kept", new() { Value = "before" });

        Assert.Equal("DOWN", await broker.AskAsync("down"));
        await Assert.ThrowsAsync<ProduceException<Null, string>>(() => producer.ProduceAsync("kept", new() { Value = "meanwhile" }));

        Assert.Equal("UP", await broker.AskAsync("up"));
        await ProduceUntilAccepted(producer, "kept", "after");
        Assert.Equal(["after", "before"], Read(broker.Address, "kept", count: 2));
    }

    [Fact]
    public async Task Broker_is_found_again_at_its_fixed_port_when_it_is_restarted()
    {
        var port = FreePort();
        var first = await BrokerProcess.StartAsync("--port", port);
        using var producer = Producer($"localhost:{port}");
        Assert.Equal($"127.0.0.1:{port}", first.Address);
        await producer.ProduceAsync("again", new() { Value = "first life" });

        first.CloseInput();
        Assert.Equal(0, await first.ExitAsync());
        first.Dispose();
        using var second = await BrokerProcess.StartAsync("--port", port);

        await ProduceUntilAccepted(producer, "again", "second life");
        Assert.Equal(["second life"], Read(second.Address, "again", count: 1));
    }

    [Fact]
    public async Task Broker_goes_down_and_up_at_its_fixed_port_too()
    {
        var port = FreePort();
        using var broker = await BrokerProcess.StartAsync("--port", port);

        Assert.Equal("DOWN", await broker.AskAsync("down"));
        Assert.False(await Accepts(port));
        Assert.Equal("UP", await broker.AskAsync("up"));
        Assert.True(await Accepts(port));
    }

    [Fact]
    public async Task Broker_comes_up_at_its_fixed_port_each_time_while_clients_knock()
    {
        var port = FreePort();
        using var broker = await BrokerProcess.StartAsync("--port", port);
        using var enough = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested) await Accepts(port);
        })).ToList();

        for (var time = 0; time < 100; time++)
        {
            Assert.Equal("DOWN", await broker.AskAsync("down"));
            Assert.Equal("UP", await broker.AskAsync("up"));
        }

        await enough.CancelAsync();
        await Task.WhenAll(clients);
    }

    [Fact]
    public async Task Broker_ends_in_order_when_its_stdin_closes()
    {
        using var broker = await BrokerProcess.StartAsync();
        broker.CloseInput();
        Assert.Equal(0, await broker.ExitAsync());
    }

    [Fact]
    public async Task Broker_ends_in_order_on_sigterm()
    {
        using var broker = await BrokerProcess.StartAsync();
        broker.Terminate();
        Assert.Equal(0, await broker.ExitAsync());
    }

    [Fact]
    public async Task Broker_names_its_port_when_another_has_it()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

        var (exitCode, error) = await BrokerProcess.RunAsync("--port", port);

        Assert.Equal(1, exitCode);
        Assert.Contains($"Port {port} cannot be had", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--port", "http")]
    [InlineData("--port")]
    [InlineData("--ports", "9092")]
    public async Task Broker_shows_its_usage_when_it_is_not_understood(params string[] arguments)
    {
        var (exitCode, error) = await BrokerProcess.RunAsync(arguments);

        Assert.Equal(2, exitCode);
        Assert.Contains(string.Join(' ', arguments), error, StringComparison.Ordinal);
        Assert.Contains("usage:", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broker_lists_its_commands_when_it_is_asked_for_another()
    {
        using var broker = await BrokerProcess.StartAsync();
        Assert.Contains("down", await broker.AskAsync("stop"), StringComparison.Ordinal);
    }

    // Two seconds: a message that finds no broker fails while the test waits for it.
    private static IProducer<Null, string> Producer(string address) => new ProducerBuilder<Null, string>(
        new ProducerConfig { BootstrapServers = address, MessageTimeoutMs = 2000, ReconnectBackoffMaxMs = 200 }).SetLogHandler((_, _) => { }).Build();

    private static Task ProduceUntilAccepted(IProducer<Null, string> producer, string topic, string value) =>
        AetherLink.Tests.Eventually.True(async () =>
        {
            try
            {
                await producer.ProduceAsync(topic, new() { Value = value });
                return true;
            }
            catch (ProduceException<Null, string>)
            {
                return false;
            }
        }, Soon);

    private static string[] Read(string address, string topic, int count)
    {
        using var consumer = new ConsumerBuilder<Ignore, string>(
            new ConsumerConfig { BootstrapServers = address, GroupId = "reader", AutoOffsetReset = AutoOffsetReset.Earliest }).Build();
        consumer.Assign(Enumerable.Range(0, 4).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        var read = Enumerable.Range(0, count).Select(_ => consumer.Consume(Soon)?.Message.Value ?? "nothing").Order().ToArray();
        consumer.Unassign();
        return read;
    }

    private static string FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<bool> Accepts(string port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
