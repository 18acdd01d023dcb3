using System.Globalization;
using System.Runtime.InteropServices;

namespace AetherLink.Tests.Chaos;

/// <summary>Appends what a soak found to docs/soak.md: a table for each run, a line for each fault.</summary>
internal static class SoakReport
{
    private static readonly Lock Gate = new();
    private static bool _begun;

    private static string File => Path.Combine(Repository.Root, "docs", "soak.md");

    public static void Add(string fault, IReadOnlyList<RoundResult> results, int rounds)
    {
        var recoveries = results.Select(result => result.Recovery.TotalSeconds).Order().ToList();
        var line = string.Create(CultureInfo.InvariantCulture, $"| {fault} | {Seed.First} | {results.Count} of {rounds} ") + string.Create(
            CultureInfo.InvariantCulture,
            $"| {results.Sum(result => result.Findings.Acknowledged)} | {results.Sum(result => result.Findings.Calls)} ") + string.Create(
            CultureInfo.InvariantCulture,
            $"| {results.Sum(result => result.Findings.AllLost)} | {results.Sum(result => result.Findings.Duplicated.Count)} ") + string.Create(
            CultureInfo.InvariantCulture,
            $"| {results.Sum(result => result.Findings.StreamFaults.Count)} | {Share(recoveries, 0.5):0.0} s | {Share(recoveries, 1):0.0} s |");
        lock (Gate)
        {
            using var file = System.IO.File.AppendText(File);
            if (!_begun)
            {
                _begun = true;
                file.Write(Head());
            }
            file.WriteLine(line);
        }
    }

    private static string Head() => string.Create(
        CultureInfo.InvariantCulture,
        $"""

        ## {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, commit {Commit()}

        {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, .NET {Environment.Version}

        | fault | first seed | rounds | events acknowledged | AI calls answered | lost | duplicated | breaks in a stream | served again, median | longest |
        |---|---|---|---|---|---|---|---|---|---|

        """);

    private static double Share(List<double> sorted, double share) =>
        sorted.Count == 0 ? double.NaN : sorted[(int)Math.Round((sorted.Count - 1) * share)];

    private static string Commit()
    {
        using var git = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("git", ["-C", Repository.Root, "rev-parse", "--short", "HEAD"])
        {
            RedirectStandardOutput = true,
        })!;
        var commit = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return commit;
    }
}
