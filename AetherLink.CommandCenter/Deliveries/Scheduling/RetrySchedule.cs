namespace AetherLink.CommandCenter.Deliveries.Scheduling;

/// <summary>When a failed delivery is tried again, as a pure function.</summary>
internal static class RetrySchedule
{
    /// <summary>A fifth more or less, so that what failed together does not come back together.</summary>
    public const double Jitter = 0.2;

    /// <summary>Standard Webhooks' example schedule: three days in all.</summary>
    public static IReadOnlyList<TimeSpan> Delays { get; } =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>The first attempt, and one after each delay.</summary>
    public static int MostAttempts => Delays.Count + 1;

    /// <summary>The delay after so many failed attempts; null when there is none left and the delivery is given up.</summary>
    /// <param name="failed">Attempts so far, at least one.</param>
    /// <param name="chance">Where in the jitter it falls: 0 to 1.</param>
    /// <param name="retryAfter">What the receiver asked for. It can lengthen the delay, and never shorten it: attempts are few.</param>
    public static TimeSpan? After(int failed, double chance, TimeSpan? retryAfter = null)
    {
        if (failed > Delays.Count)
        {
            return null;
        }
        var delay = Delays[Math.Max(failed, 1) - 1] * (1 - Jitter + (2 * Jitter * Math.Clamp(chance, 0, 1)));
        return retryAfter is { } asked && RetryAfter.Clamp(asked) is var clamped && clamped > delay ? clamped : delay;
    }
}
