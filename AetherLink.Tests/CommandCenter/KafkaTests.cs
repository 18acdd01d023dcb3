using System.Text;
using System.Text.Json.Nodes;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.Postgres;
using Confluent.Kafka;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter;

public sealed class KafkaTests(PostgresDatabase database, KafkaBroker kafka)
    : IClassFixture<PostgresDatabase>, IClassFixture<KafkaBroker>, IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private RunningCommandCenter _service = null!;

    public async Task InitializeAsync() => _service = await RunningCommandCenter.StartAsync(database.ConnectionString, kafka.Address);

    public Task DisposeAsync() => _service.DisposeAsync().AsTask();

    [Fact]
    public async Task What_services_published_is_stored_once_poison_is_put_aside_and_the_own_is_dropped()
    {
        var tenant = NewTenant();
        using var client = _service.Client(tenant: tenant);
        string Event(string id, string type = "autoheal.succeeded") => new JsonObject
        {
            ["event_type"] = type,
            ["source"] = "auto-heal",
            ["event_id"] = id,
            ["tenant_id"] = tenant,
            ["payload"] = new JsonObject { ["service"] = "orchestrator" },
        }.ToJsonString();

        await kafka.ProduceAsync(Topics.OpsEvents, tenant, Event("a"), ("origin", "auto-heal"));
        await kafka.ProduceAsync(Topics.OpsEvents, tenant, "not json", ("origin", "auto-heal"));
        await kafka.ProduceAsync(Topics.OpsEvents, tenant, Event("own"), ("origin", "command-center"));
        await kafka.ProduceAsync(Topics.OpsEvents, tenant, Event("unknown", "no.such.type"), ("origin", "auto-heal"));
        await kafka.ProduceAsync(Topics.OpsEvents, tenant, Event("a"), ("origin", "auto-heal"));
        await kafka.ProduceAsync(Topics.OpsEvents, tenant, Event("b"), ("origin", "auto-heal"));

        await Eventually.True(async () => (await client.IdsAsync()).Contains("b"), Soon, "the last is stored");
        Assert.Equal(["b", "a"], await client.IdsAsync());
        Assert.Equal("auto-heal", (string?)(await client.JsonAsync("/events/recent?limit=1"))["events"]![0]!["publisher"]);

        var dead = kafka.Read(Topics.DeadLetter, 2, Soon).Where(message => message.Key == tenant).ToList();
        Assert.Equal(["not json", Event("unknown", "no.such.type")], dead.Select(message => message.Value).Order(StringComparer.Ordinal));
        Assert.All(dead, message => Assert.NotEmpty(Header(message, "reason")));
        Assert.Contains(dead, message => Header(message, "reason").Contains("no.such.type", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_came_over_HTTP_is_relayed_in_order_also_what_came_while_Kafka_was_away()
    {
        var tenant = NewTenant();
        using var client = _service.Client(tenant: tenant);
        using var first = await client.PublishAsync("before");
        await Eventually.True(() => RelayedIds(tenant, 1).Contains("before"), Soon, "the first is relayed");

        kafka.GoAway();
        for (var n = 0; n < 20; n++)
        {
            using var meanwhile = await client.PublishAsync($"away-{n:00}");
            Assert.True(meanwhile.IsSuccessStatusCode);
        }
        kafka.ComeBack();

        string[] expected = ["before", .. Enumerable.Range(0, 20).Select(n => $"away-{n:00}")];
        await Eventually.True(() => RelayedIds(tenant, 21).Distinct().SequenceEqual(expected), Soon, "all are relayed, in order");
        Assert.All(Relayed(tenant, 21), message => Assert.Equal("command-center", Header(message, "origin")));
        Assert.Equal(21, (await client.IdsAsync()).Length);
    }

    private List<string> RelayedIds(string tenant, int count) =>
        [.. Relayed(tenant, count).Select(message => (string)JsonNode.Parse(message.Value)!["event_id"]!)];

    private IEnumerable<Message<string, string>> Relayed(string tenant, int count) =>
        kafka.Read(Topics.OpsEvents, count + 8, TimeSpan.FromSeconds(2)).Where(message => message.Key == tenant);

    private static string Header(Message<string, string> message, string name) =>
        message.Headers.TryGetLastBytes(name, out var bytes) ? Encoding.UTF8.GetString(bytes) : "";
}

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
}
