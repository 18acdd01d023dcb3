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
        var recoveries = results.SelectMany(result => result.Recoveries).Select(recovery => recovery.TotalSeconds).Order().ToList();
        var findings = results.Select(result => result.Findings).OfType<Findings>().ToList();
        var broken = results.Where(result => result.Broken is not null).Select(result => result.Seed).ToList();
        var kept = broken.Count == 0 ? $"{results.Count} of {rounds}" : $"{results.Count} of {rounds}, broken: seed {string.Join(", ", broken)}";
        string[] cells =
        [
            fault, Text(Seed.First), kept, Text(results.Sum(result => result.Kills)),
            Text(findings.Sum(finding => finding.Acknowledged)), Text(findings.Sum(finding => finding.Calls)),
            Text(findings.Sum(finding => finding.AllLost)), Text(findings.Sum(finding => finding.Duplicated.Count)),
            Text(findings.Sum(finding => finding.StreamFaults.Count)), Seconds(recoveries, 0.5), Seconds(recoveries, 1),
        ];
        var line = $"| {string.Join(" | ", cells)} |";
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

        | fault | first seed | rounds | kills | events acknowledged | AI calls answered | lost | duplicated | breaks in a stream | served again, median | longest |
        |---|---|---|---|---|---|---|---|---|---|---|

        """);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(List<double> sorted, double share) => sorted.Count == 0
        ? "-"
        : string.Create(CultureInfo.InvariantCulture, $"{sorted[(int)Math.Round((sorted.Count - 1) * share)]:0.0} s");

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
