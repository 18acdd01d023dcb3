namespace AetherLink.CommandCenter.Events.Committing;

/// <summary>Bounds what waits for the writer, in events and in bytes.</summary>
internal sealed class Admission(int mostEvents, long mostBytes)
{
    private int _events;
    private long _bytes;

    public int Events => Volatile.Read(ref _events);

    /// <summary>Takes it in, or refuses when it would exceed a bound. Into an empty queue anything goes.</summary>
    public bool TryEnter(Submission submission)
    {
        var events = Interlocked.Add(ref _events, submission.Events.Count);
        var bytes = Interlocked.Add(ref _bytes, submission.Bytes);
        if ((events <= mostEvents && bytes <= mostBytes) || events == submission.Events.Count)
        {
            return true;
        }
        Leave(submission);
        return false;
    }

    public void Leave(Submission submission)
    {
        Interlocked.Add(ref _events, -submission.Events.Count);
        Interlocked.Add(ref _bytes, -submission.Bytes);
    }
}
