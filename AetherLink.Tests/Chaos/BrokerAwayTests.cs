using System.Diagnostics;
using Xunit.Abstractions;

namespace AetherLink.Tests.Chaos;

[Collection(ChaosCollection.Name)]
public sealed class BrokerAwayTests(ChaosMesh mesh, ITestOutputHelper output)
{
    private static readonly TimeSpan Absence = Soak.Time(sample: TimeSpan.FromSeconds(5), soak: TimeSpan.FromMinutes(1));

    [Fact]
    public Task Everything_is_taken_while_the_broker_is_away_and_arrives_once_it_is_back() =>
        new Campaign("broker away", output, mesh).RunAsync(Soak.Rounds(sample: 1, soak: 2), async random =>
        {
            await mesh.StandUpAsync();
            await using var round = await Round.BeginAsync(mesh);
            var (struck, watch) = (Ledger.Now, Stopwatch.StartNew());
            var away = Faults.BrokerAway(Absence)(mesh, random);

            await round.IsServedSince(struck);
            var served = watch.Elapsed;
            Assert.False(away.IsCompleted, $"The mesh waited for the broker: {served.TotalSeconds:0.0} s.");
            await away;
            return new(await round.EndAsync(), served);
        });
}
