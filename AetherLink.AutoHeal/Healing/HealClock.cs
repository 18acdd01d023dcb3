namespace AetherLink.AutoHeal.Healing;

/// <summary>
/// The time that restarts are counted by. Within this process it goes by the monotonic clock, from what the machine's clock said when it
/// began: whoever sets that frees no limit. What other healers did, and this one before it was restarted, is dated by Postgres' clock,
/// as soon as that has been heard.
/// </summary>
internal sealed class HealClock(TimeProvider clock)
{
    private readonly DateTimeOffset _began = clock.GetUtcNow();
    private readonly long _timestamp = clock.GetTimestamp();
    private long _ahead;
    private int _heard;

    /// <summary>The governor's time.</summary>
    public DateTimeOffset Now => _began + clock.GetElapsedTime(_timestamp);

    /// <summary>The same by Postgres' clock: what is written down, and shown.</summary>
    public DateTimeOffset Shared => ToShared(Now);

    /// <summary>Whether Postgres' clock has been heard; until then the machine's stands for it.</summary>
    public bool IsShared => Volatile.Read(ref _heard) == 1;

    public DateTimeOffset ToShared(DateTimeOffset own) => own.AddTicks(Interlocked.Read(ref _ahead));

    public DateTimeOffset ToOwn(DateTimeOffset shared) => shared.AddTicks(-Interlocked.Read(ref _ahead));

    /// <summary>What the machine's clock dated a while ago, such as the engine's events: as long ago by this one.</summary>
    public DateTimeOffset OfMachine(DateTimeOffset at) => Now - (clock.GetUtcNow() - at);

    /// <summary>What Postgres' clock says now.</summary>
    /// <returns>The first time: by how much what was dated before has to be moved.</returns>
    public TimeSpan? Heard(DateTimeOffset postgres)
    {
        var ahead = postgres - Now;
        Interlocked.Exchange(ref _ahead, ahead.Ticks);
        return Interlocked.Exchange(ref _heard, 1) == 0 ? ahead : null;
    }
}
