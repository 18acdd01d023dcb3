using Xunit.Abstractions;

namespace AetherLink.Tests.Chaos;

[Collection(ChaosCollection.Name)]
public sealed class PostgresTests(ChaosMesh mesh, ITestOutputHelper output)
{
    [Fact]
    public Task Every_acknowledged_event_is_stored_once_and_streamed_in_order_when_Postgres_is_killed_under_load_and_started_again() =>
        new Campaign("Postgres killed under load", output, mesh).RunAsync(
            Soak.Rounds(sample: 2, soak: 100), perRound: 10, Faults.Kill("postgres"));

    [Fact]
    public Task Nothing_is_lost_while_the_database_refuses_connections() =>
        new Campaign("database refuses connections", output, mesh).RunAsync(
            Soak.Rounds(sample: 1, soak: 4), perRound: 2, Faults.DatabaseRefuses(Soak.Time(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(15))));
}
