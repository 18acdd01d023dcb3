using System.Diagnostics;
using AetherLink.LoadGenerator.Running;
using AetherLink.LoadGenerator.Table;

namespace AetherLink.LoadGenerator.Cases;

/// <summary>Who used the processors during a stretch of load, in per cent of one; the generator too.</summary>
internal sealed class Busy(Bench bench, string stretch, params (string Name, int Process)[] processes)
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly TimeSpan[] _before = [.. processes.Select(one => CpuUse.Of(one.Process))];
    private readonly TimeSpan _own = Process.GetCurrentProcess().TotalProcessorTime;

    /// <param name="units">How many of what were done meanwhile; each one's share of processor time is told too.</param>
    public void Tell(double units = 0)
    {
        var elapsed = Stopwatch.GetElapsedTime(_started);
        string Share(string name, TimeSpan used) => Row.Text(
            $"{name} {100 * (used / elapsed):0} %{(units > 0 ? Row.Text($" ({used.TotalMicroseconds / units:0.0} us each)") : "")}");
        bench.Explain($"{stretch}: " + string.Join(", ",
        [
            .. processes.Select((one, index) => Share(one.Name, CpuUse.Of(one.Process) - _before[index])),
            Share("generator", Process.GetCurrentProcess().TotalProcessorTime - _own),
        ]));
    }
}
