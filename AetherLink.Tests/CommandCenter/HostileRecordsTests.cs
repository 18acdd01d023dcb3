using AetherLink.ServiceDefaults;
using AetherLink.Tests.Postgres;
using Confluent.Kafka;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;
using static AetherLink.Tests.CommandCenter.KafkaMessages;

namespace AetherLink.Tests.CommandCenter;

/// <summary>What anybody who reaches the broker can put there, so that nothing that comes after it would be stored.</summary>
public sealed class HostileRecordsTests(PostgresDatabase database, KafkaBroker kafka)
    : IClassFixture<PostgresDatabase>, IClassFixture<KafkaBroker>
{
    /// <summary>A producer's default bound is 1,000,000 with all that belongs to a message.</summary>
    private const int Large = 950_000;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Record_that_is_hostile_in_any_of_its_parts_is_put_aside_and_what_comes_after_it_is_stored()
    {
        await using var service = await RunningCommandCenter.StartAsync(database.ConnectionString, kafka.Address);
        var tenant = NewTenant();
        using var client = service.Client(tenant: tenant);
        Message<string, string>[] hostile =
        [
            new() { Key = tenant, Value = "a signature that is no base64", Headers = new Headers { { TopicSignature.Header, "v1=!"u8.ToArray() } } },
            new() { Key = tenant, Value = "a time beyond all times", Timestamp = new(DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() + 1, TimestampType.CreateTime) },
            new() { Key = tenant, Value = "a header as large as a message", Headers = new Headers { { "x", new byte[Large] } } },
            // Each of its bytes is three once it has been read as text.
            new() { Key = tenant, Value = "a header that is no text", Headers = new Headers { { "x", Enumerable.Repeat((byte)0xff, Large / 2).ToArray() } } },
            new() { Key = new string('k', Large), Value = "a key as large as a message" },
        ];

        foreach (var message in hostile)
        {
            await kafka.ProduceAsAnybodyAsync(Topics.OpsEvents, message);
        }
        await kafka.ProduceAsync(Topics.OpsEvents, tenant, Envelope(tenant, "after"), ("origin", "tests"));

        await Eventually.True(async () => (await client.IdsAsync()).SequenceEqual(["after"]), Soon, "what came after is stored");
        var dead = new List<Message<string, string>>();
        await Eventually.True(
            () => (dead = [.. kafka.Read(Topics.DeadLetter, 100, TimeSpan.FromSeconds(3)).DistinctBy(message => message.Value)]).Count >= hostile.Length,
            Soon, "all are put aside");
        Assert.Equal(
            hostile.Select(message => message.Value).Order(StringComparer.Ordinal), dead.Select(message => message.Value).Order(StringComparer.Ordinal));
        Assert.All(dead, message => Assert.StartsWith("It", message.Header("reason"), StringComparison.Ordinal));
        Assert.All(dead, message => Assert.InRange(message.Key.Length, 1, 1_000));
    }
}
