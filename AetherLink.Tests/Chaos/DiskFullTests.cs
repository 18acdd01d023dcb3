using Xunit.Abstractions;

namespace AetherLink.Tests.Chaos;

[Collection(ChaosCollection.Name)]
public sealed class DiskFullTests(ChaosMesh mesh, ITestOutputHelper output)
{
    private static readonly string[] Written = ["command-center", "auto-heal"];

    [SmallDiskFact]
    public Task No_AI_call_is_answered_without_an_audit_while_the_disk_of_the_spool_is_full() =>
        new Campaign("disk of the spool full", output, mesh).RunAsync(Soak.Rounds(sample: 1, soak: 6), async random =>
        {
            await mesh.StandUpAsync();
            await using var round = await Round.BeginAsync(mesh);
            var watch = System.Diagnostics.Stopwatch.StartNew();
            await Faults.DiskFull("orchestrator", TimeSpan.FromSeconds(3))(mesh, random);
            await round.IsServedSince(Ledger.Now);
            var recovery = watch.Elapsed;
            // A call's event has no promise of its own: a spool that takes no more drops it, and counts it.
            return new(await round.EndAsync(announced: false), recovery);
        });

    /// <summary>The healer starts, decides and heals with a journal that takes nothing; what it did is in Postgres.</summary>
    [SmallDiskFact("three services have to come back, which takes longer than every run has")]
    public Task Services_are_healed_and_serve_while_the_disks_of_the_Command_Center_and_of_the_healers_journal_are_full() =>
        new Campaign("disks of Command Center and AutoHeal full", output, mesh).RunAsync(Soak.Rounds(sample: 1, soak: 6), async random =>
        {
            await mesh.StandUpAsync();
            await using var round = await Round.BeginAsync(mesh);
            var before = await AutoHealKilledTests.HealsAsync(mesh);
            TimeSpan recovery;
            try
            {
                Array.ForEach(Written, service => mesh.DiskOf(service).Fill());
                await Faults.AllAtOnce(Faults.Kill("auto-heal"), Faults.Kill("command-center"), Faults.Kill("orchestrator"))(mesh, random);
                var (struck, watch) = (Ledger.Now, System.Diagnostics.Stopwatch.StartNew());
                await mesh.StandUpAsync(() => round.Ledger.IsServedSince(struck));
                recovery = watch.Elapsed;
            }
            finally
            {
                Array.ForEach(Written, service => mesh.DiskOf(service).Empty());
            }
            await Eventually.True(
                async () => (await AutoHealKilledTests.HealsAsync(mesh)).Except(before).Any(heal => heal.Contains("orchestrator", StringComparison.Ordinal)),
                TimeSpan.FromSeconds(60), "the heal is on record");
            return new(await round.EndAsync(), recovery);
        });
}
