namespace AetherLink.AutoHeal.Watching;

/// <summary>When a target was last looked at.</summary>
internal sealed class WatchReport(TimeProvider clock)
{
    private long _ticks;

    public DateTimeOffset? LastRun => Interlocked.Read(ref _ticks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    public void Looked() => Interlocked.Exchange(ref _ticks, clock.GetUtcNow().UtcTicks);
}
