using System.Diagnostics;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.Postgres;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;
using static AetherLink.Tests.CommandCenter.KafkaMessages;

namespace AetherLink.Tests.CommandCenter;

/// <summary>What goes out by Kafka, and both ways while it is away.</summary>
public sealed class KafkaRelayTests(PostgresDatabase database, KafkaBroker kafka)
    : IClassFixture<PostgresDatabase>, IClassFixture<KafkaBroker>, IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private RunningCommandCenter _service = null!;

    public async Task InitializeAsync() => _service = await RunningCommandCenter.StartAsync(database.ConnectionString, kafka.Address);

    public Task DisposeAsync() => _service.DisposeAsync().AsTask();

    [Fact]
    public async Task Relay_is_taken_over_by_another_replica_without_a_loss()
    {
        var tenant = NewTenant();
        var first = await RunningCommandCenter.StartAsync(database.ConnectionString, kafka.Address);
        using var client = _service.Client(tenant: tenant);
        using (var to = first.Client(tenant: tenant))
        {
            for (var n = 0; n < 10; n++)
            {
                using var published = await to.PublishAsync($"first-{n}");
            }
        }

        await first.DisposeAsync();
        for (var n = 0; n < 10; n++)
        {
            using var published = await client.PublishAsync($"second-{n}");
        }

        string[] expected = [.. Enumerable.Range(0, 10).Select(n => $"first-{n}"), .. Enumerable.Range(0, 10).Select(n => $"second-{n}")];
        await Eventually.True(() => kafka.RelayedIds(tenant, 100).Distinct().SequenceEqual(expected), Soon, "all are relayed, in order");
    }

    [Fact]
    public async Task What_came_over_HTTP_is_relayed_in_order_also_what_came_while_Kafka_was_away()
    {
        var tenant = NewTenant();
        using var client = _service.Client(tenant: tenant);
        using var first = await client.PublishAsync("before");
        await Eventually.True(() => kafka.RelayedIds(tenant, 1).Contains("before"), Soon, "the first is relayed");

        kafka.GoAway();
        for (var n = 0; n < 20; n++)
        {
            using var meanwhile = await client.PublishAsync($"away-{n:00}");
            Assert.True(meanwhile.IsSuccessStatusCode);
        }
        kafka.ComeBack();

        string[] expected = ["before", .. Enumerable.Range(0, 20).Select(n => $"away-{n:00}")];
        await Eventually.True(() => kafka.RelayedIds(tenant, 21).Distinct().SequenceEqual(expected), Soon, "all are relayed, in order");
        Assert.All(kafka.Relayed(tenant, 21), message => Assert.Equal("command-center", message.Header("origin")));
        Assert.Equal(21, (await client.IdsAsync()).Length);
    }

    /// <summary>Some seconds in every run, and minutes in a soak.</summary>
    [Fact]
    public async Task Kafka_that_is_absent_for_long_costs_nothing_on_either_way()
    {
        var tenant = NewTenant();
        using var client = _service.Client(tenant: tenant);
        using var first = await client.PublishAsync("out-000");
        await kafka.ProduceAsync(Topics.OpsEvents, tenant, Envelope(tenant, "in-000"), ("origin", "tests"));
        await Eventually.True(async () => (await client.IdsAsync()).Contains("in-000"), Soon, "the first came in");
        await Eventually.True(() => kafka.RelayedIds(tenant, 2).Contains("out-000"), Soon, "the first went out");

        kafka.GoAway();
        var (incoming, published) = (new List<Task>(), 1);
        var (absence, watch) = (Soak.Time(TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(4)), Stopwatch.StartNew());
        await Eventually.True(
            async () =>
            {
                using var meanwhile = await client.PublishAsync($"out-{published:000}");
                Assert.True(meanwhile.IsSuccessStatusCode);
                if (published++ <= 10)
                {
                    incoming.Add(kafka.ProduceAsync(Topics.OpsEvents, tenant, Envelope(tenant, $"in-{published - 1:000}"), ("origin", "tests")));
                }
                return published >= 200 || watch.Elapsed > absence;
            },
            absence * 2, "the absence is over");
        await Eventually.True(() => watch.Elapsed > absence, absence * 2, "the absence is over");
        kafka.ComeBack();
        await Task.WhenAll(incoming).WaitAsync(Soon * 2);

        string[] outgoing = [.. Enumerable.Range(0, published).Select(n => $"out-{n:000}")];
        await Eventually.True(
            () => kafka.RelayedIds(tenant, published).Where(id => id.StartsWith("out-", StringComparison.Ordinal)).Distinct().SequenceEqual(outgoing),
            Soon * 2, "all went out, in order");
        string[] all = [.. outgoing, .. Enumerable.Range(0, incoming.Count + 1).Select(n => $"in-{n:000}")];
        await Eventually.True(async () => (await client.IdsAsync("?limit=500")).Length >= all.Length, Soon * 2, "all came in");
        Assert.Equal(all.Order(StringComparer.Ordinal), (await client.IdsAsync("?limit=500")).Order(StringComparer.Ordinal));
    }
}
