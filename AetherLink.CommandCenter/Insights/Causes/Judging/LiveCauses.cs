using AetherLink.CommandCenter.Insights.Causes.Gathering;

namespace AetherLink.CommandCenter.Insights.Causes.Judging;

/// <summary>What was found, of which time.</summary>
/// <param name="Window">The time that was asked about.</param>
/// <param name="Causes">Ranked, the likeliest first.</param>
/// <param name="SeriesUpTo">Up to when the series were known.</param>
internal sealed record Found(Window Window, IReadOnlyList<Cause> Causes, DateTimeOffset? SeriesUpTo);

/// <summary>
/// One answer for all who look at what is going on: while something is wrong every open page asks again and again, and they all ask the same.
/// An answer is at most <see cref="Fresh"/> old, counted from when it was begun.
/// </summary>
internal sealed class LiveCauses(Func<Window, string?, CancellationToken, Task<Found>> find, TimeProvider clock)
{
    /// <summary>The series have buckets of ten seconds, and a page asks again after three.</summary>
    internal static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Begun, Task<Found> Answer)> _answers = new(StringComparer.Ordinal);

    /// <summary>Of how many an answer is kept.</summary>
    internal int Kept
    {
        get
        {
            lock (_lock)
            {
                return _answers.Count;
            }
        }
    }

    /// <summary>The causes of the window that ends now, or of one that ended a moment ago.</summary>
    public Task<Found> FindAsync(Window window, string? tenant, CancellationToken cancellationToken)
    {
        // No tenant is called that: an empty one is refused.
        var key = tenant ?? "";
        lock (_lock)
        {
            if (!_answers.TryGetValue(key, out var known) || !IsGood(known))
            {
                foreach (var (old, _) in _answers.Where(one => !IsGood(one.Value)).ToList())
                {
                    _answers.Remove(old);
                }
                // Whoever leaves takes nothing from the others.
                _answers[key] = known = (clock.GetTimestamp(), Task.Run(() => find(window, tenant, CancellationToken.None), CancellationToken.None));
            }
            return known.Answer.WaitAsync(cancellationToken);
        }
    }

    /// <summary>One that is on its way is waited for, however long it takes; one that failed is nobody else's.</summary>
    private bool IsGood((long Begun, Task<Found> Answer) one) =>
        !one.Answer.IsCompleted || (one.Answer.IsCompletedSuccessfully && clock.GetElapsedTime(one.Begun) < Fresh);
}
