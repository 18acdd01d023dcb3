using AetherLink.ServiceDefaults;
using AetherLink.Tests.Postgres;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter;

public sealed class KafkaAwayTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Absent_Kafka_harms_neither_HTTP_nor_the_stop(bool wasThere)
    {
        using var kafka = new KafkaBroker();
        await using var service = await RunningCommandCenter.StartAsync(database.ConnectionString, wasThere ? kafka.Address : "127.0.0.1:1");
        using var client = service.Client(tenant: NewTenant());
        if (wasThere)
        {
            using var relayed = await client.PublishAsync("relayed");
            Assert.NotEmpty(kafka.Read(Topics.OpsEvents, 1, TimeSpan.FromSeconds(20)));
            kafka.GoAway();
        }

        using var answer = await client.PublishAsync("kept").WaitAsync(TimeSpan.FromSeconds(5));

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Contains("kept", await client.IdsAsync());
        await service.StopAsync().WaitAsync(TimeSpan.FromSeconds(5));
    }

    /// <summary>A client that has lost its broker for long enough is replaced by one that asks anew where everything is.</summary>
    [Fact]
    public async Task Consumer_finds_a_broker_that_has_come_back_elsewhere()
    {
        var (first, tenant) = (new KafkaBroker(), NewTenant());
        using var second = new KafkaBroker();
        using var moving = new MovingBroker(first.Address);
        await using var service = await RunningCommandCenter.StartAsync(
            database.ConnectionString, moving.Address, new() { ["Kafka:PatienceSeconds"] = "2" });
        using var client = service.Client(tenant: tenant);
        await first.ProduceAsync(Topics.OpsEvents, tenant, KafkaMessages.Envelope(tenant, "before"), ("origin", "tests"));
        await Eventually.True(async () => (await client.IdsAsync()).Contains("before"), TimeSpan.FromSeconds(30), "the first is stored");

        first.Dispose();
        // Each client complains once: the second complaint is that of the next client.
        await Eventually.True(
            () => service.Logs.Lines.Count(line => line.Id.Id == 2100 && line.Message.Contains(Topics.OpsEvents, StringComparison.Ordinal)) > 1,
            TimeSpan.FromSeconds(30), "the client is replaced");
        moving.MoveTo(second.Address);
        await second.ProduceAsync(Topics.OpsEvents, tenant, KafkaMessages.Envelope(tenant, "after"), ("origin", "tests"));

        await Eventually.True(async () => (await client.IdsAsync()).Contains("after"), TimeSpan.FromSeconds(30), "the next is stored");
    }
}
