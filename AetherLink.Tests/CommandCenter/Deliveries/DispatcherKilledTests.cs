using AetherLink.Tests.Chaos;
using AetherLink.Tests.Postgres;
using Npgsql;
using Xunit.Abstractions;

namespace AetherLink.Tests.CommandCenter.Deliveries;

public sealed class DispatcherKilledTests(PostgresDatabase database, ITestOutputHelper output) : IClassFixture<PostgresDatabase>
{
    private const int KillsARound = 10;

    /// <summary>kill -9 at moments of chance, under load; ten in every run, and a soak kills five hundred times.</summary>
    [Fact]
    public async Task Nothing_is_lost_when_the_dispatcher_is_killed_and_what_comes_twice_has_the_same_id_and_a_lost_lease()
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        using var replicas = new KilledReplicas(database.ConnectionString);
        await new Campaign("one of two dispatchers killed under load", output).RunAsync(Soak.Rounds(10, 500) / KillsARound, async random =>
        {
            await replicas.StandUpAsync();
            await using var receiver = await Receiver.StartAsync();
            var round = new DeliveryRound(source, receiver, random);
            await round.BeginAsync(replicas);
            var recoveries = new List<TimeSpan>();
            while (recoveries.Count < KillsARound)
            {
                recoveries.Add(await round.StrikeAsync(replicas));
            }
            return new(await round.EndAsync(replicas), recoveries);
        });
    }
}
