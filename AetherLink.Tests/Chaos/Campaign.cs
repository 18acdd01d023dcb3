using System.Diagnostics;
using Xunit.Abstractions;

namespace AetherLink.Tests.Chaos;

/// <summary>What a round found, and how long it took after each of its strikes until everybody was served again.</summary>
internal sealed record Outcome(Findings Findings, params IReadOnlyList<TimeSpan> Recoveries);

/// <summary>A fault, again and again: rounds of several strikes, each round with another seed, a load of its own all through it, and
/// the whole check at its end. A line of the table in the end, however it went.</summary>
internal sealed class Campaign(string name, ITestOutputHelper output, ChaosMesh? mesh = null)
{
    /// <summary>A soak goes on after a round that broke a promise, since the next may show why; when the mesh is beyond help it ends.</summary>
    private const int MostBroken = 3;

    private readonly List<RoundResult> _results = [];

    /// <summary>Rounds of the usual kind: under load, strike after strike, and after each the mesh stands up and serves again.</summary>
    public Task RunAsync(int strikes, int perRound, Fault fault) =>
        RunAsync((strikes + perRound - 1) / perRound, async random =>
        {
            var mine = Math.Min(perRound, strikes - _results.Count * perRound);
            await mesh!.StandUpAsync();
            await using var round = await Round.BeginAsync(mesh);
            var recoveries = new List<TimeSpan>();
            while (recoveries.Count < mine)
            {
                await fault(mesh, random);
                var (struck, watch) = (Ledger.Now, Stopwatch.StartNew());
                await mesh.StandUpAsync(() => round.Ledger.IsServedSince(struck));
                recoveries.Add(watch.Elapsed);
            }
            // A broker that was killed before this round is none of its business: no call of the round is that old.
            return new(await round.EndAsync(since: mesh.BrokerDied), recoveries);
        });

    public async Task RunAsync(int rounds, Func<Random, Task<Outcome>> round)
    {
        try
        {
            for (var number = 0; number < rounds && _results.Count(result => result.Broken is not null) < MostBroken; number++)
            {
                await OnceAsync(Seed.First + number, round);
                if (!Soak.IsOn && _results[^1].Broken is not null)
                {
                    break;
                }
            }
        }
        finally
        {
            if (Soak.IsOn)
            {
                SoakReport.Add(name, _results, rounds);
            }
        }
        Assert.True(_results.All(result => result.Broken is null), string.Join("\n\n", _results.Select(result => result.Broken).OfType<string>()));
    }

    private async Task OnceAsync(int seed, Func<Random, Task<Outcome>> round)
    {
        output.WriteLine($"{name}: seed {seed}");
        mesh?.TakeComplaints();
        var (kills, watch) = (Kills.Count, Stopwatch.StartNew());
        var (outcome, broken) = await TryAsync(round, new Random(seed));
        if (mesh?.TakeDeaths() is { Count: > 0 } deaths)
        {
            broken = $"{string.Join("; ", deaths)}. {broken}";
        }
        if (broken is not null)
        {
            broken = $"{name}, AETHERLINK_CHAOS_SEED={seed}: {broken}";
            if (mesh is not null)
            {
                broken += $"\n{await Whereabouts.OfAsync(mesh)}\n{string.Join('\n', mesh.TakeComplaints())}";
            }
        }
        var result = new RoundResult(seed, Kills.Count - kills, outcome?.Findings, outcome?.Recoveries ?? [], broken);
        _results.Add(result);
        // On the console too: a soak is watched while it runs.
        var line = $"{name}, seed {seed}: {result.Kills} kills, {outcome?.Findings.Acknowledged} events, {outcome?.Findings.Calls} AI calls, "
            + $"{watch.Elapsed.TotalSeconds:0} s, {broken ?? "kept"}";
        output.WriteLine(line);
        if (Soak.IsOn)
        {
            Console.WriteLine(line);
        }
    }

    private static async Task<(Outcome? Outcome, string? Broken)> TryAsync(Func<Random, Task<Outcome>> round, Random random)
    {
        try
        {
            var outcome = await round(random);
            return (outcome, outcome.Findings.Broken);
        }
        catch (Exception exception) when (exception is TimeoutException or HttpRequestException or Xunit.Sdk.XunitException)
        {
            // A mesh that does not come back has broken its promise too, and where things are is worth knowing.
            return (null, exception.Message);
        }
    }
}
