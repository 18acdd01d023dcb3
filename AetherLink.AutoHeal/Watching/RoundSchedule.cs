namespace AetherLink.AutoHeal.Watching;

/// <summary>
/// When each is due: an interval after it was due the last time, and not after that was carried out, so that a slow one keeps its
/// rhythm; a little early or late, so that those that start together do not stay in step. It has no clock of its own.
/// </summary>
internal sealed class RoundSchedule<T>(TimeSpan interval, TimeProvider clock, Random random)
{
    /// <summary>Each is up to a tenth of the interval early or late.</summary>
    internal const double Jitter = 0.1;

    private readonly PriorityQueue<T, long> _due = new();
    private readonly double _interval = interval.TotalSeconds * clock.TimestampFrequency;

    /// <summary>The first time at once or within the interval.</summary>
    public void Add(T one, long now) => _due.Enqueue(one, now + (long)(random.NextDouble() * _interval));

    /// <summary>The next one, if it is due. It has no further time until it is asked for.</summary>
    public bool TryTake(long now, out T? one, out long due) =>
        _due.TryPeek(out one, out due) && due <= now && _due.TryDequeue(out one, out due);

    /// <summary>Once more. One that fell behind by more than its interval does not make up for it.</summary>
    public void Again(T one, long due, long now) =>
        _due.Enqueue(one, Math.Max(due, now - (long)_interval) + (long)(_interval * (1 - Jitter + 2 * Jitter * random.NextDouble())));

    /// <returns>How long until one is due; infinite while there are none.</returns>
    public TimeSpan Wait(long now) => _due.TryPeek(out _, out var due) ? clock.GetElapsedTime(now, Math.Max(due, now)) : Timeout.InfiniteTimeSpan;
}
