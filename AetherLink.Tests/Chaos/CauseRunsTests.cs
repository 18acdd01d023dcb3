using System.Globalization;
using AetherLink.CommandCenter.Insights.Anomalies.Feeding;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace AetherLink.Tests.Chaos;

/// <summary>Faults put into a running mesh, and what it says caused them. No other mesh runs beside it: what is slow is to be what was made so.</summary>
[Collection(Alone.Name)]
public sealed class CauseRunsTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    /// <summary>After a stalled Postgres a busy machine has some minutes of buckets to close; nothing is measured by it.</summary>
    private static readonly TimeSpan Counted = TimeSpan.FromMinutes(3);

    /// <summary>Until nothing is seen any more of the fault before: a service that is healed late, a failure that is not over yet.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);

    /// <summary>What was told while its reader was dead, or its storage away, has arrived by then.</summary>
    private static readonly TimeSpan Arrived = TimeSpan.FromSeconds(30);

    /// <summary>Runs in a row that could not be held: this mesh does not come back.</summary>
    private const int MostBroken = 3;

    [SoakFact("forty faults in a running mesh take an hour")]
    public async Task Cause_is_named_first_in_nine_of_ten_among_the_first_three_always_and_none_where_there_is_none()
    {
        var causes = new CausesMesh();
        try
        {
            await causes.InitializeAsync();
            await RunAsync(causes);
        }
        finally
        {
            await causes.EndAsync();
        }
    }

    private async Task RunAsync(CausesMesh causes)
    {
        var (perKind, quiet) = (Soak.Rounds(sample: 1, soak: 4), Soak.Rounds(sample: 1, soak: 10));
        // A series that has just begun has no usual values yet.
        await Faults.PassAsync(TimeSpan.FromSeconds(60));
        var (results, broken) = (new List<(LiveFault Fault, int Rank, bool IsTrue)>(), 0);
        var faults = Enumerable.Range(Soak.First, perKind).SelectMany(run => LiveFault.All.Select(fault => (Fault: fault, Run: run)))
            .Concat(Enumerable.Range(Soak.First, quiet).Select(run => (Fault: LiveFault.None, Run: run)))
            // Quiet times between the faults, and not after them all.
            .OrderBy(one => (one.Run - Soak.First + 0.5) / (one.Fault == LiveFault.None ? quiet : perKind)).ToList();
        foreach (var (fault, run) in faults.TakeWhile(_ => broken < MostBroken))
        {
            try
            {
                results.Add(await StrikeAsync(causes, fault, run));
                broken = 0;
            }
            catch (Exception ended) when (ended is TimeoutException or HttpRequestException or OperationCanceledException or IOException or XunitException)
            {
                // It counts as missed; the others are held yet.
                results.Add((fault, fault == LiveFault.None ? 1 : 0, true));
                broken++;
                Tell($"{fault}, run {run}: could not be held: {ended.Message}");
                await causes.UndoAsync();
            }
        }
        Report(results);

        var struck = results.Where(result => result.Fault != LiveFault.None).ToList();
        Assert.Equal(faults.Count, results.Count);
        Assert.All(results, result => Assert.True(result.IsTrue));
        Assert.True(struck.Count(result => result.Rank == 1) >= 0.9 * struck.Count, "nine of ten are named first");
        Assert.True(struck.All(result => result.Rank is >= 1 and <= 3), "all are among the first three");
        Assert.True(results.Where(result => result.Fault == LiveFault.None).All(result => result.Rank == 0), "it is silent where nothing is wrong");
    }

    private async Task<(LiveFault Fault, int Rank, bool IsTrue)> StrikeAsync(CausesMesh causes, LiveFault fault, int run)
    {
        await causes.StandUpAsync();
        await IsUsedAgainAsync(causes);
        // What was before is over, by what the mesh sees itself, and the window begins with a whole bucket of quiet.
        await Faults.PassAsync(Quiet);
        await Eventually.True(() => IsCalmAsync(causes), Calm, "nothing is seen any more of what was before");
        var from = DateTimeOffset.UtcNow;
        await Faults.PassAsync(Bucket.Width);
        var node = await fault.Strike(causes, run);
        await causes.StandUpAsync();
        var to = DateTimeOffset.UtcNow;
        // The first thing that arrives of a fault is not always the one that tells its cause. Of series the last bucket is closed no sooner than this,
        // and whoever asks all the while slows down the mesh.
        await Faults.PassAsync(fault.ShowsInSeries ? Bucket.Width : Arrived);
        await Eventually.True(
            async () => (await causes.CausesAsync(from, to))?["series_up_to"]?.GetValue<DateTimeOffset>() >= to, Counted, "the series are counted");
        // No answer is not the answer that there is nothing.
        var answer = await Eventually.NotNull(() => causes.CausesAsync(from, to), Soon, "the causes are told");
        var nodes = answer.Nodes();
        var rank = node is null ? nodes.Length : Array.IndexOf(nodes, node) + 1;
        var wrong = answer.FalsePaths().ToList();
        var line = $"{fault}, run {run}: {node ?? "nothing"}; said: {(nodes.Length == 0 ? "no fault found" : string.Join(", ", nodes))}{string.Concat(wrong.Select(path => $"\nNot true: {path}"))}";
        Tell((node is null ? rank > 0 : rank != 1) || wrong.Count > 0 ? $"{line}\n{answer.ToJsonString()}" : line);
        return (fault, rank, wrong.Count == 0);
    }

    private void Report(List<(LiveFault Fault, int Rank, bool IsTrue)> results)
    {
        foreach (var kind in results.GroupBy(result => result.Fault))
        {
            Tell(kind.Key == LiveFault.None
                ? $"| none | {kind.Count()} | silent: {kind.Count(result => result.Rank == 0)} | |"
                : string.Create(CultureInfo.InvariantCulture,
                    $"| {kind.Key} | {kind.Count()} | {kind.Count(result => result.Rank == 1)} | {kind.Count(result => result.Rank is >= 1 and <= 3)} |"));
        }
    }

    private static async Task<bool> IsCalmAsync(CausesMesh causes)
    {
        var now = DateTimeOffset.UtcNow;
        return await causes.CausesAsync(now - Quiet, now) is { } answer && answer.Nodes().Length == 0;
    }

    /// <summary>At once, since a run that is cut off would otherwise have said nothing.</summary>
    private void Tell(string line)
    {
        output.WriteLine(line);
        Console.WriteLine(line);
    }

    /// <summary>A circuit that a fault has opened is closed again, and the next fault meets what the first one met.</summary>
    private static Task IsUsedAgainAsync(CausesMesh causes)
    {
        var used = causes.ProviderUsed;
        return Eventually.True(() => causes.ProviderUsed >= used + 5, TimeSpan.FromMinutes(6), "the provider is used");
    }
}
