namespace AetherLink.CommandCenter.Events.Publishing;

/// <summary>
/// Bounds the bytes of all bodies that are being read at once. What was read waits in the queue of the commit, which has its own
/// bound.
/// </summary>
internal sealed class ReadingRoom
{
    /// <summary>Twelve of the largest batches: more would not be committed any sooner.</summary>
    public const long MostBytes = 12L * EventLimits.BatchBytes;

    private long _taken;

    public long Taken => Volatile.Read(ref _taken);

    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= MostBytes)
        {
            return true;
        }
        GiveBack(bytes);
        return false;
    }

    public void GiveBack(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
