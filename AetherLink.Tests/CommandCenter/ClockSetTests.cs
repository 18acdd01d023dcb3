using AetherLink.Tests.Chaos;
using AetherLink.Tests.CommandCenter.Deliveries;
using AetherLink.Tests.Postgres;
using Npgsql;
using Xunit.Abstractions;

namespace AetherLink.Tests.CommandCenter;

public sealed class ClockSetTests(PostgresDatabase database, ITestOutputHelper output) : IClassFixture<PostgresDatabase>
{
    private static readonly int JumpsARound = Soak.IsOn ? 6 : 3;

    /// <summary>As time servers set it, as a wrong time zone does, and by more days than an endpoint may fail, and a delivery is kept, for.</summary>
    private static readonly TimeSpan[] Ranges = [TimeSpan.FromSeconds(5), TimeSpan.FromHours(2), TimeSpan.FromDays(40)];

    /// <summary>Postgres' clock, another machine's, stays as it is.</summary>
    [SettableClockFact]
    public async Task Nothing_is_lost_or_sent_twice_when_the_clock_of_the_Command_Centers_machine_is_set_ahead_and_back_under_load()
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        using var clock = new SettableClock();
        using var replicas = new KilledReplicas(database.ConnectionString, clock);
        await new Campaign("clock of two Command Centers set under load", output).RunAsync(Soak.Rounds(1, 25), async random =>
        {
            await replicas.StandUpAsync();
            await using var receiver = await Receiver.StartAsync();
            var round = new DeliveryRound(source, receiver, random);
            await round.BeginAsync(replicas);
            var recoveries = new List<TimeSpan>();
            while (recoveries.Count < JumpsARound)
            {
                var ahead = random.NextTime(Ranges[recoveries.Count % Ranges.Length]);
                recoveries.Add(await round.StrikeAsync(replicas, () => clock.SetAsync(recoveries.Count % 2 == 0 ? ahead : -ahead, replicas.All)));
            }
            return new(await round.EndAsync(replicas), recoveries);
        });
    }
}
