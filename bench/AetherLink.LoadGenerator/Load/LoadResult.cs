using AetherLink.LoadGenerator.Measuring;

namespace AetherLink.LoadGenerator.Load;

/// <summary>What a stretch of load came to.</summary>
/// <param name="Latency">In nanoseconds, from when a request was due to the end of its answer; of good answers.</param>
/// <param name="Asked">How many requests were due.</param>
/// <param name="Good">How many were answered as they should.</param>
/// <param name="Elapsed">From the first request's time to the last answer.</param>
internal sealed record LoadResult(Histogram Latency, long Asked, long Good, TimeSpan Elapsed)
{
    /// <summary>Connections that the server ended between two answers, and that were made anew.</summary>
    public long Reconnected { get; init; }

    public double PerSecond => Good / Elapsed.TotalSeconds;

    public long Bad => Asked - Good;

    public double Milliseconds(double percentile) => Latency.Percentile(percentile) / 1e6;
}

/// <summary>Whether an answer is a good one. Called while its connection waits: it must be short.</summary>
internal delegate bool Judge(long number, long dueAt, int status, ReadOnlySpan<byte> body);

internal static class Judges
{
    public static readonly Judge Ok = static (_, _, status, _) => status == 200;

    /// <summary>200 alone is not enough: the answer must have said this.</summary>
    public static Judge Says(string text)
    {
        var wanted = System.Text.Encoding.UTF8.GetBytes(text);
        return (_, _, status, body) => status == 200 && body.IndexOf(wanted) >= 0;
    }
}
