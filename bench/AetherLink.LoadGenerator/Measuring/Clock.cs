using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AetherLink.LoadGenerator.Measuring;

/// <summary>The monotonic clock in nanoseconds, and a wait for one of its times that is exact to some ten microseconds.</summary>
internal static partial class Clock
{
    private const int Monotonic = 1;
    private const int SetTimerSlack = 29;

    public static long Now => Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency);

    /// <summary>For the thread that calls: the kernel may otherwise put a wake-up off by 50 µs to save power.</summary>
    public static void BePunctual() => _ = Prctl(SetTimerSlack, 1);

    /// <summary>Timers of the runtime have a granularity of a millisecond, too coarse for what is measured here.</summary>
    public static void SleepUntil(long nanoseconds)
    {
        // Relative, since this clock and the kernel's adjusted one drift apart; a signal may end it early.
        for (long left; (left = nanoseconds - Now) > 0;)
        {
            _ = ClockNanosleep(Monotonic, 0, new(left / 1_000_000_000, left % 1_000_000_000), 0);
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Timespec(long Seconds, long Nanoseconds);

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ClockNanosleep(int clock, int flags, in Timespec time, nint remaining);

    [LibraryImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Prctl(int option, nuint value);
}
