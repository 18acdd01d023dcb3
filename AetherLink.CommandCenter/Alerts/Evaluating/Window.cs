namespace AetherLink.CommandCenter.Alerts.Evaluating;

/// <summary>
/// The newest events of one window, as many as the threshold asks for and no more: whether the count reaches the threshold
/// depends on the oldest of these alone. A binary heap with the oldest at its root, so that events may come in any order.
/// </summary>
internal sealed class Window(int threshold)
{
    private (long Time, long Sequence)[] _heap = new (long, long)[Math.Min(threshold, 4)];

    public int Count { get; private set; }

    public bool IsFiring { get; set; }

    /// <summary>Events matched since the alert was raised, and those that raised it.</summary>
    public long Matched { get; set; }

    /// <summary>The newest time that was ever added: when it leaves the window, the window is empty.</summary>
    public long NewestTime { get; private set; } = long.MinValue;

    public bool ReachesThreshold => Count == threshold;

    public bool IsIdle => Count == 0 && !IsFiring;

    public void Add(long time, long sequence)
    {
        NewestTime = Math.Max(NewestTime, time);
        if (Count < threshold)
        {
            if (Count == _heap.Length)
            {
                Array.Resize(ref _heap, Math.Min(threshold, _heap.Length * 2));
            }
            SiftUp(Count++, (time, sequence));
        }
        else if ((time, sequence).CompareTo(_heap[0]) > 0)
        {
            SiftDown((time, sequence));
        }
    }

    /// <summary>Removes what is older than a bound.</summary>
    public void Expire(long bound)
    {
        if (NewestTime < bound)
        {
            Count = 0;
            return;
        }
        while (Count > 0 && _heap[0].Time < bound)
        {
            Count--;
            if (Count > 0)
            {
                SiftDown(_heap[Count]);
            }
        }
    }

    /// <summary>The numbers of the newest, the newest first.</summary>
    public long[] Newest(int most) =>
        [.. _heap.Take(Count).OrderDescending().Take(most).Select(entry => entry.Sequence)];

    private void SiftUp(int at, (long, long) entry)
    {
        while (at > 0 && entry.CompareTo(_heap[(at - 1) / 2]) < 0)
        {
            _heap[at] = _heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        _heap[at] = entry;
    }

    private void SiftDown((long, long) entry)
    {
        var at = 0;
        while (2 * at + 1 < Count)
        {
            var child = 2 * at + 1;
            if (child + 1 < Count && _heap[child + 1].CompareTo(_heap[child]) < 0)
            {
                child++;
            }
            if (entry.CompareTo(_heap[child]) <= 0)
            {
                break;
            }
            _heap[at] = _heap[child];
            at = child;
        }
        _heap[at] = entry;
    }
}
