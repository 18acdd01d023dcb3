using AetherLink.CommandCenter.Insights.Anomalies.Feeding;

namespace AetherLink.CommandCenter.Insights.Causes.Gathering;

/// <summary>The time that is asked about, and what of the time around it is looked at.</summary>
/// <param name="From">When it begins.</param>
/// <param name="To">When it ends.</param>
internal readonly record struct Window(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Less than it takes the probes to see anything; what is of series takes two buckets.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);

    /// <summary>Bounds what is read; an hour more than most incidents take.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(3);

    /// <summary>What a series usually is, is learned from so much before.</summary>
    public static readonly TimeSpan Before = TimeSpan.FromMinutes(30);

    /// <summary>A service that failed before the window, and is not back in it, is among what is wrong in it.</summary>
    public static readonly TimeSpan StillFailing = TimeSpan.FromMinutes(10);

    /// <summary>What happened in the window may have been stored so much later: while the storage was away, it waited.</summary>
    public static readonly TimeSpan StoredLate = TimeSpan.FromMinutes(5);

    /// <summary>The first bucket that is looked at.</summary>
    public long FirstBucket => Bucket.Of(From - Before);

    /// <summary>The buckets from the first one to the end.</summary>
    public int Buckets => (int)(Bucket.Of(To) - FirstBucket) + 1;

    /// <summary>Counted from the first one: the first bucket that is wholly in the window. One that is only partly may tell of what was before.</summary>
    public int Begin => (int)(Bucket.Of(From + Bucket.Width - TimeSpan.FromTicks(1)) - FirstBucket);

    public DateTimeOffset At(int bucket) => Bucket.Start(FirstBucket + bucket);

    public bool Has(DateTimeOffset at) => at >= From && at <= To;
}
