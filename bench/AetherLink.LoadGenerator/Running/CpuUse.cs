using System.Globalization;

namespace AetherLink.LoadGenerator.Running;

/// <summary>The processor time of a process and its children, for telling who was busy.</summary>
internal static class CpuUse
{
    /// <summary>USER_HZ, which is 100 on every Linux that .NET runs on.</summary>
    public const double TicksASecond = 100;

    public static TimeSpan Of(int process)
    {
        var all = Directory.EnumerateDirectories("/proc")
            .Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]))
            .Select(Read).OfType<(int Id, string Name, int Parent, double Ticks)>();
        return TimeSpan.FromSeconds(all.Where(one => one.Id == process || one.Parent == process).Sum(one => one.Ticks) / TicksASecond);
    }

    /// <summary>Of those threads of a process that have a name, each by its id.</summary>
    public static IReadOnlyDictionary<int, TimeSpan> OfThreads(int process, string name) =>
        Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/task"))
            .Select(Read).OfType<(int Id, string Name, int Parent, double Ticks)>()
            .Where(one => one.Name == name).ToDictionary(one => one.Id, one => TimeSpan.FromSeconds(one.Ticks / TicksASecond));

    /// <summary>What threads have used since then; of one that has ended meanwhile, nothing is known.</summary>
    public static TimeSpan Since(IReadOnlyDictionary<int, TimeSpan> before, IReadOnlyDictionary<int, TimeSpan> now) =>
        now.Aggregate(TimeSpan.Zero, (sum, thread) => sum + thread.Value - before.GetValueOrDefault(thread.Key));

    // pid (name) state ppid ... utime stime: fields 14 and 15, and those of ended children in 16 and 17.
    private static (int Id, string Name, int Parent, double Ticks)? Read(string folder)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            double Ticks(int field) => double.Parse(fields[field - 3], CultureInfo.InvariantCulture);
            return (int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), stat[(stat.IndexOf('(') + 1)..stat.LastIndexOf(')')], int.Parse(fields[1], CultureInfo.InvariantCulture),
                Ticks(14) + Ticks(15) + Ticks(16) + Ticks(17));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
