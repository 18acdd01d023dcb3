using AetherLink.AutoHeal.Storage;
using AetherLink.ServiceDefaults;

namespace AetherLink.AutoHeal.Healing;

/// <summary>
/// The time that restarts are counted by. Within this process it goes by the monotonic clock, from what the machine's clock said when it
/// began: whoever sets that frees no limit. What other healers did, and this one before it was restarted, is dated by Postgres' clock,
/// as soon as that has been heard: by this process, or by one before it that has left its mark.
/// </summary>
internal sealed class HealClock
{
    /// <summary>Two answers of one clock differ by less, with the way to Postgres and back.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock;
    private readonly LocalFile<ClockMark>? _marks;
    private readonly DateTimeOffset _began;
    private readonly long _timestamp;
    private readonly Lock _lock = new();
    private long _ahead;
    private TimeSpan? _marked;
    private bool _isHeard;
    private volatile bool _isShared;

    public HealClock(TimeProvider clock, LocalFile<ClockMark>? marks = null)
    {
        (_clock, _marks) = (clock, marks);
        (_began, _timestamp) = (clock.GetUtcNow(), clock.GetTimestamp());
        if (marks?.Read() is not [{ } mark, ..] || mark.Boot != ClockMark.ThisBoot || mark.Timestamp > _timestamp)
            return;
        var ahead = mark.Shared + clock.GetElapsedTime(mark.Timestamp, _timestamp) - _began;
        (_ahead, _marked, _isShared) = (ahead.Ticks, ahead, true);
    }

    /// <summary>With what the process before this one knew of Postgres' clock.</summary>
    public static HealClock In(DataFolder folder, TimeProvider clock, ILogger<HealClock> logger) =>
        new(clock, new(Path.Combine(folder.For("clock"), "mark.json"), logger));

    /// <summary>The governor's time.</summary>
    public DateTimeOffset Now => _began + _clock.GetElapsedTime(_timestamp);

    /// <summary>The same by Postgres' clock: what is written down, and shown.</summary>
    public DateTimeOffset Shared => ToShared(Now);

    /// <summary>Whether Postgres' clock has been heard; until then the machine's stands for it.</summary>
    public bool IsShared => _isShared;

    public DateTimeOffset ToShared(DateTimeOffset own) => own.AddTicks(Interlocked.Read(ref _ahead));

    public DateTimeOffset ToOwn(DateTimeOffset shared) => shared.AddTicks(-Interlocked.Read(ref _ahead));

    /// <summary>What the machine's clock dated a while ago, such as the engine's events: as long ago by this one.</summary>
    public DateTimeOffset OfMachine(DateTimeOffset at) => Now - (_clock.GetUtcNow() - at);

    /// <summary>What Postgres' clock says now.</summary>
    /// <returns>The first time in this process: by how much what it has dated before has to be moved.</returns>
    public TimeSpan? Heard(DateTimeOffset postgres)
    {
        lock (_lock)
        {
            var ahead = postgres - Now;
            TimeSpan? moved = _isHeard ? null : ahead - TimeSpan.FromTicks(_ahead);
            Interlocked.Exchange(ref _ahead, ahead.Ticks);
            (_isHeard, _isShared) = (true, true);
            if (!((ahead - _marked)?.Duration() < Tolerance))
            {
                _marked = ahead;
                _marks?.Write([new ClockMark(ClockMark.ThisBoot, _clock.GetTimestamp(), postgres)]);
            }

            return moved;
        }
    }
}
