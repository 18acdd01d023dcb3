namespace AetherLink.Tests.ServiceDefaults;

/// <summary>A clock that a test sets.</summary>
internal sealed class SetClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private TimeSpan _passed;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _passed.Ticks;

    /// <summary>So much time passes.</summary>
    public void Advance(TimeSpan by) => (_now, _passed) = (_now + by, _passed + by);

    /// <summary>Somebody sets the machine's clock; no time passes.</summary>
    public void Set(TimeSpan by) => _now += by;
}
