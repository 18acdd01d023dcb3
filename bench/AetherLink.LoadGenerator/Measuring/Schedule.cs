namespace AetherLink.LoadGenerator.Measuring;

/// <summary>
/// When each request is due, whatever became of those before it: an open loop. Latency is counted from here, so that a
/// server that stalls is charged for everything that should have come meanwhile (no coordinated omission).
/// </summary>
/// <param name="Start">The first request's time, in nanoseconds of the monotonic clock.</param>
/// <param name="PerSecond">The rate of arrivals, evenly spaced.</param>
internal readonly record struct Schedule(long Start, double PerSecond)
{
    private const double NanosecondsASecond = 1e9;

    /// <summary>From the start, and not from the one before: rounding does not add up.</summary>
    public long DueAt(long number) => Start + (long)Math.Round(number * (NanosecondsASecond / PerSecond));

    public long CountIn(TimeSpan duration) => (long)Math.Ceiling(PerSecond * duration.TotalSeconds - 1e-9);
}
