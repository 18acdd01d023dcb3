namespace AetherLink.AutoHeal.Healing;

/// <summary>
/// What Postgres' clock said at a moment of the machine's monotonic one, which goes on from one process to the next and which nobody sets:
/// for a healer that is started while Postgres is away.
/// </summary>
/// <param name="Boot">The life of the machine that the moment belongs to.</param>
/// <param name="Timestamp">The moment.</param>
/// <param name="Shared">Postgres' time then.</param>
internal sealed record ClockMark(string Boot, long Timestamp, DateTimeOffset Shared)
{
    /// <summary>Linux'; elsewhere nobody says so, and no mark is good for another process.</summary>
    private const string BootId = "/proc/sys/kernel/random/boot_id";

    public static string ThisBoot { get; } = File.Exists(BootId) ? File.ReadAllText(BootId).Trim() : Guid.NewGuid().ToString();
}
