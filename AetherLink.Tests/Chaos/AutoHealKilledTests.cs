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
            // Else what was cut off in the round before may be marked as stored only now, and that be taken for a decision.
            await Eventually.True(
                () => Journal(mesh).All(entry => (bool)entry["is_stored"]! && entry["heal"]!["finished_at"] is not null), Soon, "the journal is at rest");
            var before = await HealsAsync(mesh);
            await KillAtDecisionAsync();
            var cutOff = JournaledHeals(mesh).First(heal => (string?)heal["target"] == "orchestrator");
            var began = ((DateTimeOffset)cutOff["started_at"]!).ToUnixTimeSeconds();

            var (struck, watch) = (Ledger.Now, Stopwatch.StartNew());
            await mesh.StandUpAsync(() => round.Ledger.IsServedSince(struck));
            var recovery = watch.Elapsed;
            await Eventually.True(
                async () => (await HealsAsync(mesh)).Except(before).Any(heal =>
                    heal.Contains("\"orchestrator\"", StringComparison.Ordinal) && heal.Contains($"\"timestamp\":{began}", StringComparison.Ordinal)),
                Soon, "the heal that was cut off is on record");
            return new(await round.EndAsync(), recovery);
        });

    /// <summary>
    /// The change's own row, the spool and the topic have it one after the other, each until the next one has it: people go on changing
    /// things while it dies, and the broker is away so that much is on its way.
    /// </summary>
    [Fact]
    public Task What_a_person_changed_is_on_record_once_when_AutoHeal_is_killed_with_it_on_its_way() =>
        new Campaign("AutoHeal killed with changes on their way to the audit", output, mesh).RunAsync(Soak.Rounds(sample: 1, soak: 25), async random =>
        {
            await mesh.StandUpAsync();
            var changes = new Changes(mesh);
            using var enough = new CancellationTokenSource();
            var changing = changes.MakeAsync(enough.Token);
            await Eventually.True(() => changes.Made.Count > 10, Soon, "people change things");
            await Faults.AllAtOnce(Faults.BrokerAway(TimeSpan.FromSeconds(1.5)), Faults.Kill("auto-heal"))(mesh, random);

            var (made, watch) = (changes.Made.Count, Stopwatch.StartNew());
            await mesh.StandUpAsync(() => changes.Made.Count > made);
            var recovery = watch.Elapsed;
            await enough.CancelAsync();
            await changing;
            return new(await changes.FindAsync(Soon), recovery);
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

    /// <summary>As the killed healer left them, newest first.</summary>
    private static IEnumerable<JsonNode> JournaledHeals(ChaosMesh mesh) =>
        Journal(mesh).Select(entry => entry["heal"]!).OrderByDescending(heal => (DateTimeOffset)heal["started_at"]!);

    private static List<JsonNode> Journal(ChaosMesh mesh) =>
        Path.Combine(mesh.DataOf("auto-heal"), "heals", "journal.json") is var file && File.Exists(file)
            ? [.. JsonNode.Parse(File.ReadAllText(file))!.AsArray().Select(entry => entry!)]
            : [];

    /// <summary>The heals of the orchestrator that have ended, newest first.</summary>
    internal static async Task<IReadOnlyList<string>> HealsAsync(ChaosMesh mesh)
    {
        using var client = mesh.Client("auto-heal");
        var history = await client.GetFromJsonAsync<JsonObject>("/autoheal/history?limit=50");
        return [.. history!["history"]!.AsArray().Select(heal => heal!.ToJsonString())];
    }
}
