using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace AetherLink.Tests.Chaos;

[Collection(ChaosCollection.Name)]
public sealed class AutoHealKilledTests(ChaosMesh mesh, ITestOutputHelper output)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    /// <summary>The journal is written when a heal is decided, and before anything is done: that is the moment.</summary>
    [Fact]
    public Task A_heal_is_taken_up_again_when_AutoHeal_is_killed_between_decision_and_restart() =>
        new Campaign("AutoHeal killed between decision and restart", output, mesh).RunAsync(Soak.Rounds(sample: 1, soak: 25), async random =>
        {
            await mesh.StandUpAsync();
            await using var round = await Round.BeginAsync(mesh);
            var before = await HealsAsync();
            await KillAtDecisionAsync();

            var (struck, watch) = (Ledger.Now, Stopwatch.StartNew());
            await mesh.StandUpAsync(() => round.Ledger.IsServedSince(struck));
            var recovery = watch.Elapsed;
            await Eventually.True(
                async () => (await HealsAsync()).Except(before).Any(heal => heal.Contains("orchestrator", StringComparison.Ordinal)),
                Soon, "the heal that was cut off is on record");
            return new(await round.EndAsync(), recovery);
        });

    private async Task KillAtDecisionAsync()
    {
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var journal = new FileSystemWatcher(Path.Combine(mesh.DataOf("auto-heal"), "heals"));
        journal.Renamed += (_, _) =>
        {
            mesh.Kill("auto-heal");
            killed.TrySetResult();
        };
        journal.EnableRaisingEvents = true;
        mesh.Kill("orchestrator");
        await killed.Task.WaitAsync(Soon);
    }

    /// <summary>The heals of the orchestrator that have ended, newest first.</summary>
    private async Task<IReadOnlyList<string>> HealsAsync()
    {
        using var client = mesh.Client("auto-heal");
        var history = await client.GetFromJsonAsync<JsonObject>("/autoheal/history?limit=50");
        return [.. history!["history"]!.AsArray().Select(heal => heal!.ToJsonString())];
    }
}
