using System.Diagnostics;
using System.Diagnostics.Metrics;
using Compat.Tests.Broker;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Compat.Tests.Kafka;

public sealed class KafkaClientTests
{
    private const string Instrumentation = "OpenTelemetry.Instrumentation.ConfluentKafka";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Producer_and_consumer_meet_through_the_broker()
    {
        using var broker = await BrokerProcess.StartAsync();
        using var host = Host(broker.Address, builder =>
        {
            builder.AddKafkaProducer<string, string>("kafka");
            builder.AddKafkaConsumer<string, string>("kafka", settings => Join(settings.Config, "meeting"));
        });
        await host.Services.GetRequiredService<IProducer<string, string>>().ProduceAsync("meeting", new() { Key = "k", Value = "v" });

        var consumer = host.Services.GetRequiredService<IConsumer<string, string>>();
        consumer.Subscribe("meeting");
        var message = consumer.Consume(Soon);

        Assert.Equal(("k", "v"), (message.Message.Key, message.Message.Value));
        consumer.Close();
    }

    [Fact]
    public async Task Consumer_links_its_span_to_the_producers_through_the_message()
    {
        List<Activity> spans = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Instrumentation,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => { lock (spans) spans.Add(span); },
        };
        ActivitySource.AddActivityListener(listener);
        // Without an SDK nothing sets the propagator that the SDK would.
        OpenTelemetry.Sdk.SetDefaultTextMapPropagator(new OpenTelemetry.Context.Propagation.TraceContextPropagator());
        using var broker = await BrokerProcess.StartAsync();
        using var host = Host(broker.Address, builder =>
        {
            builder.AddKafkaProducer<string, string>("kafka");
            builder.AddKafkaConsumer<string, string>("kafka", settings => Join(settings.Config, "traced"));
        });

        await host.Services.GetRequiredService<IProducer<string, string>>().ProduceAsync("traced", new() { Key = "k", Value = "v" });
        var consumer = host.Services.GetRequiredService<IConsumer<string, string>>();
        consumer.Subscribe("traced");
        Assert.NotNull(consumer.Consume(Soon));
        consumer.Close();

        lock (spans)
        {
            var sent = spans.Single(span => span.DisplayName == "send traced");
            var polled = spans.Single(span => span.DisplayName == "poll traced");
            Assert.Equal((ActivityKind.Producer, ActivityKind.Client), (sent.Kind, polled.Kind));
            Assert.Equal("kafka", sent.GetTagItem("messaging.system"));
            Assert.Equal(sent.Context.SpanId, polled.Links.Single().Context.SpanId);
        }
    }

    [Fact]
    public async Task Clients_count_what_they_send_and_receive()
    {
        var (sent, received) = (0L, 0L);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) => { if (instrument.Meter.Name == Instrumentation) self.EnableMeasurementEvents(instrument); },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (!tags.ToArray().Any(tag => tag is { Key: "messaging.destination.name", Value: "counted" })) return;
            if (instrument.Name == "messaging.client.sent.messages") Interlocked.Add(ref sent, value);
            if (instrument.Name == "messaging.client.consumed.messages") Interlocked.Add(ref received, value);
        });
        listener.Start();
        using var broker = await BrokerProcess.StartAsync();
        using var host = Host(broker.Address, builder =>
        {
            builder.AddKafkaProducer<Null, string>("kafka");
            builder.AddKafkaConsumer<Ignore, string>("kafka", settings => Join(settings.Config, "counted"));
        });

        var producer = host.Services.GetRequiredService<IProducer<Null, string>>();
        for (var i = 0; i < 3; i++) await producer.ProduceAsync("counted", new() { Value = "v" });
        var consumer = host.Services.GetRequiredService<IConsumer<Ignore, string>>();
        consumer.Subscribe("counted");
        for (var i = 0; i < 3; i++) Assert.NotNull(consumer.Consume(Soon));
        consumer.Close();

        Assert.Equal((3L, 3L), (Interlocked.Read(ref sent), Interlocked.Read(ref received)));
    }

    [Fact]
    public async Task Health_check_follows_the_broker()
    {
        using var broker = await BrokerProcess.StartAsync();
        // The check takes the client's own backoff over: half a second here, so that the test need not wait for ten.
        using var host = Host(broker.Address, builder => builder.AddKafkaProducer<string, string>("kafka", settings => settings.Config.ReconnectBackoffMaxMs = 500));
        var health = host.Services.GetRequiredService<HealthCheckService>();

        await AetherLink.Tests.Eventually.True(async () => await Producer() == HealthStatus.Healthy, Soon);
        await broker.AskAsync("down");
        Assert.Equal(HealthStatus.Unhealthy, await Producer());
        await broker.AskAsync("up");
        await AetherLink.Tests.Eventually.True(async () => await Producer() == HealthStatus.Healthy, Soon);

        async Task<HealthStatus> Producer() => (await health.CheckHealthAsync()).Entries["Aspire.Confluent.Kafka.Producer"].Status;
    }

    private static IHost Host(string address, Action<HostApplicationBuilder> configure)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:kafka", address)]);
        configure(builder);
        return builder.Build();
    }

    // The broker's coordinator lets a joiner wait up to the session timeout of a member that is gone.
    private static void Join(ConsumerConfig config, string group)
    {
        config.GroupId = group;
        config.SessionTimeoutMs = 6000;
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
    }
}
