using System.Globalization;

namespace AetherLink.Tests.CommandCenter;

/// <summary>
/// A clock for processes, which can be set while they run (libfaketime). Their monotonic clock goes on, as that of a machine does
/// whose time is set.
/// </summary>
internal sealed class SettableClock : IDisposable
{
    /// <summary>In seconds, so long what was read of the time that was set is believed: reading it each time would cost half of the processor.</summary>
    private const string Believed = "1";

    /// <summary>Two of those, since it counts whole ones, and what a machine takes that is busy.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    /// <summary>An answer is dated to the second, by a clock that is read once in one.</summary>
    private static readonly TimeSpan Near = TimeSpan.FromSeconds(2.5);

    private readonly string _file = Path.GetTempFileName();

    public SettableClock() => Set(TimeSpan.Zero);

    /// <summary>The library; null where it is not installed.</summary>
    public static string? Library { get; } = Directory.Exists("/usr/lib")
        ? Directory.EnumerateDirectories("/usr/lib").Select(folder => Path.Combine(folder, "faketime", "libfaketime.so.1")).FirstOrDefault(File.Exists)
        : null;

    /// <summary>What a process has in its environment that goes by this clock.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings =>
    [
        ("LD_PRELOAD", Library ?? throw new InvalidOperationException("libfaketime is not installed.")),
        ("FAKETIME_TIMESTAMP_FILE", _file),
        ("FAKETIME_CACHE_DURATION", Believed),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        // Of files, the times stay as they are.
        ("NO_FAKE_STAT", "1"),
    ];

    /// <summary>How far it is ahead of the real one. Returns when these have it.</summary>
    public async Task SetAsync(TimeSpan ahead, IEnumerable<CommandCenterProcess> processes)
    {
        Set(ahead);
        foreach (var process in processes)
        {
            await Eventually.True(
                async () => (await process.DateAsync() - DateTimeOffset.UtcNow - ahead).Duration() < Near, Soon, $"the clock is {ahead} ahead");
        }
    }

    private void Set(TimeSpan ahead)
    {
        // Replaced as a whole: half a number would be another time.
        var next = _file + ".next";
        File.WriteAllText(next, string.Create(CultureInfo.InvariantCulture, $"{(ahead < TimeSpan.Zero ? "" : "+")}{ahead.TotalSeconds:0}\n"));
        File.Move(next, _file, overwrite: true);
    }

    public void Dispose() => File.Delete(_file);
}

/// <summary>A test that sets the clock of processes; skipped, with the reason, where libfaketime is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SettableClockFactAttribute : FactAttribute
{
    private static readonly string? Missing = Asked();

    public SettableClockFactAttribute() => Skip = Missing;

    private static string? Asked()
    {
        if (SettableClock.Library is not null)
        {
            return null;
        }
        const string Reason = "libfaketime is not installed";
        Console.WriteLine($"Skipped, the tests that set the clock of processes: {Reason}");
        return Reason;
    }
}
