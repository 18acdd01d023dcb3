using System.Globalization;
using AetherLink.LoadGenerator.Measuring;

namespace AetherLink.LoadGenerator.Running;

/// <summary>
/// The time for which the host gave the processors of this machine to others ("steal", proc_stat(5)). What is due at other times tells
/// what the software takes; all of it, what a caller waits.
/// </summary>
internal static class StolenTime
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    /// <summary>Since the machine was started, of all processors.</summary>
    public static TimeSpan Total()
    {
        // cpu user nice system idle iowait irq softirq steal
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return TimeSpan.FromSeconds(double.Parse(fields[8], CultureInfo.InvariantCulture) / CpuUse.TicksASecond);
    }

    /// <summary>The stretches, each of a tenth of a second, in which there was none until this ended, by <see cref="Clock"/>.</summary>
    public static async Task<IReadOnlyList<(long From, long To)>> NoneWhileAsync(Task running)
    {
        List<(long At, TimeSpan Total)> looks = [(Clock.Now, Total())];
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, Task.Delay(Step));
            looks.Add((Clock.Now, Total()));
        }
        return [.. looks.Zip(looks.Skip(1)).Where(pair => pair.First.Total == pair.Second.Total).Select(pair => (pair.First.At, pair.Second.At))];
    }
}
