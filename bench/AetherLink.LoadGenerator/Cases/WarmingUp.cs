using System.Diagnostics;
using AetherLink.LoadGenerator.Running;
using AetherLink.LoadGenerator.Table;

namespace AetherLink.LoadGenerator.Cases;

/// <summary>
/// Loads a service until its runtime has compiled anew what is hot, as it has in a service that has run for a minute. Until then
/// that, and the instrumented code it goes by, can be half of the processor time; how long it takes depends on who else is busy.
/// </summary>
internal static class WarmingUp
{
    /// <summary>Linux cuts names off at 15 characters.</summary>
    private const string Recompiling = ".NET Tiered Com";

    /// <summary>Of one processor: a few methods are found to be hot at any time.</summary>
    private const double Calm = 0.1;

    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(40);

    /// <summary>Processor time that has gone into that, by thread.</summary>
    public static IReadOnlyDictionary<int, TimeSpan> Recompiled(int process) => CpuUse.OfThreads(process, Recompiling);

    /// <param name="bench">How long it lasts at least; a quick run does not wait for more.</param>
    /// <param name="process">The service.</param>
    /// <param name="load">Loads it for a time; the number of the slice marks what must not come twice.</param>
    public static async Task RunAsync(Bench bench, int process, Func<int, TimeSpan, Task> load)
    {
        var started = Stopwatch.GetTimestamp();
        for (var slice = 0; ; slice++)
        {
            var (before, at) = (Recompiled(process), Stopwatch.GetTimestamp());
            await load(slice, bench.Quick ? bench.WarmUp : Slice);
            var share = CpuUse.Since(before, Recompiled(process)) / Stopwatch.GetElapsedTime(at);
            var passed = Stopwatch.GetElapsedTime(started);
            if (bench.Quick || (passed >= bench.WarmUp && share < Calm) || passed >= Most)
            {
                bench.Explain(Row.Text($"warm after {passed.TotalSeconds:0} s; at its end {100 * share:0} % of a processor recompiled"));
                return;
            }
        }
    }
}
