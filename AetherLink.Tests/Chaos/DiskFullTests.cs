using Xunit.Abstractions;

namespace AetherLink.Tests.Chaos;

[Collection(ChaosCollection.Name)]
public sealed class DiskFullTests(ChaosMesh mesh, ITestOutputHelper output)
{
    [SmallDiskFact]
    public Task No_AI_call_is_answered_without_an_audit_while_the_disk_of_the_spool_is_full() =>
        new Campaign("disk of the spool full", output, mesh).RunAsync(Soak.Rounds(sample: 1, soak: 6), async random =>
        {
            await mesh.StandUpAsync();
            await using var round = await Round.BeginAsync(mesh);
            var watch = System.Diagnostics.Stopwatch.StartNew();
            await Faults.DiskFull(TimeSpan.FromSeconds(3))(mesh, random);
            await round.IsServedSince(Ledger.Now);
            var recovery = watch.Elapsed;
            // A call's event has no promise of its own: a spool that takes no more drops it, and counts it.
            return new(await round.EndAsync(announced: false), recovery);
        });
}
