namespace AetherLink.CommandCenter.Insights.Anomalies.Feeding;

/// <summary>The time of a point: its number since the beginning of time. What is in it is one point of a series.</summary>
internal static class Bucket
{
    /// <summary>Long enough for a rate, short enough that an anomaly is told of while one can still do something about it.</summary>
    public static readonly TimeSpan Width = TimeSpan.FromSeconds(10);

    public static long Of(DateTimeOffset at) => at.UtcTicks / Width.Ticks;

    public static DateTimeOffset Start(long bucket) => new(bucket * Width.Ticks, TimeSpan.Zero);

    public static DateTimeOffset End(long bucket) => Start(bucket + 1);

    public static long Count(TimeSpan span) => span.Ticks / Width.Ticks;
}
