using System.Diagnostics;
using System.Globalization;

namespace AetherLink.LoadGenerator.Table;

/// <summary>The one table, in Markdown, so that it can be kept as it is.</summary>
internal static class TablePrinter
{
    private static readonly string[] Titles = ["case", "figure", "promise", "", "bare baseline", "ratio"];

    public static void Print(TextWriter output, string heading, IReadOnlyList<Row> rows)
    {
        string[][] lines = [Titles, .. rows.Select(row => row.Cells)];
        var widths = Titles.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        output.WriteLine(heading);
        output.WriteLine();
        output.WriteLine(Line(lines[0], widths));
        output.WriteLine("|" + string.Join("|", widths.Select(width => new string('-', width + 2))) + "|");
        foreach (var line in lines.Skip(1))
        {
            output.WriteLine(Line(line, widths));
        }
    }

    /// <summary>At the start of a run: what is measured is what stands there then.</summary>
    public static string Heading(Bench bench) => string.Create(CultureInfo.InvariantCulture,
        $"{DateTime.UtcNow:yyyy-MM-dd HH:mm}Z, commit {Commit(bench.Root)}, {Environment.ProcessorCount} x {Processor()}"
        + $"{(bench.Quick ? ", --quick" : "")}{string.Concat(bench.ServiceEnvironment.Select(one => $", {one.Key}={one.Value}"))}, load {LoadAverage()} before");

    /// <summary>What only the end tells: the load of the run itself and of what else was busy, and how long it took.</summary>
    public static string Ending(TimeSpan took) => Row.Text($", {LoadAverage()} after, {took.TotalSeconds:0} s");

    private static string Line(string[] cells, int[] widths) =>
        "| " + string.Join(" | ", cells.Select((cell, column) => cell.PadRight(widths[column]))) + " |";

    /// <summary>Of the last minute.</summary>
    private static string LoadAverage() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    private static string Processor() => File.ReadLines("/proc/cpuinfo")
        .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "processor";

    private static string Commit(string root)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", root, "describe", "--always", "--dirty"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var commit = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return commit.Length > 0 ? commit : "unknown";
    }
}
