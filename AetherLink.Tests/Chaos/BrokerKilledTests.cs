using System.Diagnostics;
using Xunit.Abstractions;

namespace AetherLink.Tests.Chaos;

/// <summary>
/// The development broker keeps nothing: with its process go the messages that nobody had read, and the groups' offsets. What
/// a spool has not handed over, and what Postgres has, is not harmed, and everybody finds the new one.
/// </summary>
[Collection(ChaosCollection.Name)]
public sealed class BrokerKilledTests(ChaosMesh mesh, ITestOutputHelper output)
{
    [Fact]
    public Task What_Postgres_and_the_spools_have_is_there_when_the_broker_is_killed_and_started_again() =>
        new Campaign("broker killed under load", output, mesh).RunAsync(Soak.Rounds(sample: 1, soak: 12), async random =>
        {
            await mesh.StandUpAsync();
            await using var round = await Round.BeginAsync(mesh);
            await Faults.Kill("kafka")(mesh, random);
            // An AI call that is begun now finds no broker that could take its records and die of the same kill.
            var (struck, watch) = (Ledger.Now, Stopwatch.StartNew());
            await mesh.StandUpAsync(() => round.Ledger.IsServedSince(struck));
            var recovery = watch.Elapsed;
            return new(await round.EndAsync(since: struck), recovery);
        });
}
