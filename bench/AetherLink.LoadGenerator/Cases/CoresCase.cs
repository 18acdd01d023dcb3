using System.Diagnostics;
using AetherLink.LoadGenerator.Table;

namespace AetherLink.LoadGenerator.Cases;

/// <summary>The cores by themselves, by BenchmarkDotNet in its own process: one line each, the name, the time and the bytes.</summary>
internal sealed class CoresCase : ICase
{
    public string Name => "cores";

    public async Task<IReadOnlyList<Row>> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var program = Path.Combine(bench.Root, "bench/AetherLink.Benchmarks/bin/Release/net10.0/AetherLink.Benchmarks");
        using var process = Process.Start(new ProcessStartInfo(program, [bench.Folder, .. bench.Quick ? ["--quick"] : Array.Empty<string>()])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            var rows = new List<Row>();
            while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.Split('\t') is ["core", var name, var time, var allocated])
                {
                    rows.Add(new($"core: {name}", $"{time}, {allocated}"));
                }
            }
            await process.WaitForExitAsync(cancellationToken);
            return rows.Count > 0 ? rows : throw new InvalidOperationException("The benchmarks of the cores gave no figures.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
