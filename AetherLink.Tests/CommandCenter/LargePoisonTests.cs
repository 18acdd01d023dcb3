using System.Text;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.Postgres;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter;

public sealed class LargePoisonTests(PostgresDatabase database, KafkaBroker kafka)
    : IClassFixture<PostgresDatabase>, IClassFixture<KafkaBroker>
{
    /// <summary>A producer's default bound is 1,000,000 with the key; no header more would fit beside it.</summary>
    private const int Largest = 999_800;

    [Fact]
    public async Task Poison_as_large_as_Kafka_takes_is_put_aside_and_comes_no_more()
    {
        await using var service = await RunningCommandCenter.StartAsync(database.ConnectionString, kafka.Address);
        var tenant = NewTenant();

        await kafka.ProduceAsync(Topics.OpsEvents, tenant, new string('x', Largest));

        var dead = Assert.Single(kafka.Read(Topics.DeadLetter, 1, TimeSpan.FromSeconds(30)));
        Assert.Equal((tenant, $"{Largest}"), (dead.Key, Encoding.UTF8.GetString(dead.Headers.GetLastBytes("bytes"))));
    }
}
