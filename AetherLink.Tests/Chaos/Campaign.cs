using System.Diagnostics;
using Xunit.Abstractions;

namespace AetherLink.Tests.Chaos;

/// <summary>How a round went, and how long it took from the fault until everybody was served again.</summary>
internal sealed record RoundResult(int Seed, Findings Findings, TimeSpan Recovery);

/// <summary>A fault, again and again, each time with another seed, and a line of the table at the end.</summary>
internal sealed class Campaign(string name, ITestOutputHelper output)
{
    private readonly List<RoundResult> _results = [];

    /// <summary>Rounds of the usual kind: under load, a fault; then the mesh stands up, serves again, and has kept its word.</summary>
    public Task RunAsync(ChaosMesh mesh, int rounds, Fault fault) => RunAsync(rounds, async random =>
    {
        await mesh.StandUpAsync();
        await using var round = await Round.BeginAsync(mesh);
        mesh.TakeComplaints();
        await fault(mesh, random);
        var (struck, watch) = (Ledger.Now, Stopwatch.StartNew());
        await mesh.StandUpAsync(() => round.Ledger.IsServedSince(struck));
        var recovery = watch.Elapsed;
        var findings = await round.EndAsync();
        if (!findings.IsKept)
        {
            mesh.TakeComplaints().ToList().ForEach(output.WriteLine);
        }
        return (findings, recovery);
    });

    public async Task RunAsync(int rounds, Func<Random, Task<(Findings Findings, TimeSpan Recovery)>> round)
    {
        try
        {
            for (var number = 0; number < rounds; number++)
            {
                await OnceAsync(Seed.First + number, round);
            }
        }
        finally
        {
            if (Soak.IsOn)
            {
                SoakReport.Add(name, _results, rounds);
            }
        }
    }

    private async Task OnceAsync(int seed, Func<Random, Task<(Findings Findings, TimeSpan Recovery)>> round)
    {
        output.WriteLine($"{name}: seed {seed}");
        try
        {
            var (findings, recovery) = await round(new Random(seed));
            _results.Add(new(seed, findings, recovery));
            output.WriteLine($"  {findings.Acknowledged} events and {findings.Calls} AI calls, served again after {recovery.TotalSeconds:0.0} s");
            findings.Hold($"{name}, AETHERLINK_CHAOS_SEED={seed}");
        }
        catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"{name}, AETHERLINK_CHAOS_SEED={seed}: {exception.Message}", exception);
        }
    }
}
