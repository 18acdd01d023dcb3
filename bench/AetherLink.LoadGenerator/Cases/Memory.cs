using AetherLink.LoadGenerator.Running;
using AetherLink.LoadGenerator.Table;

namespace AetherLink.LoadGenerator.Cases;

/// <summary>The most that a service held in memory during a case, as the kernel counts it.</summary>
internal static class Memory
{
    public static Row Row(string during, Service service, string name = "command-center", double promisedMegabytes = 500)
    {
        var megabytes = MostMegabytes(service);
        return new(
            $"  memory of {name}, {during}", Table.Row.Text($"{megabytes:0} MB at most"), Table.Row.Text($"< {promisedMegabytes:0} MB"),
            megabytes < promisedMegabytes);
    }

    /// <summary>VmHWM: the resident set at its largest so far; the kernel counts in kB.</summary>
    public static double MostMegabytes(Service service)
    {
        var line = File.ReadLines(Table.Row.Text($"/proc/{service.ProcessId}/status")).First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return int.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) / 1024.0;
    }
}
