using AetherLink.CommandCenter.Alerts.Evaluating;

namespace AetherLink.CommandCenter.Alerts.Previewing;

/// <summary>An alert that a rule would have raised.</summary>
internal sealed record WouldFire(
    string TenantId, string? Group, DateTimeOffset RaisedAt, DateTimeOffset? ResolvedAt, long MatchedCount);

/// <param name="Status">ok.</param>
/// <param name="Hours">How far back it was tried.</param>
/// <param name="EventsMatched">Events that the rule looked at in that time.</param>
/// <param name="WouldHaveFired">How often.</param>
/// <param name="Alerts">The first two hundred of these times.</param>
/// <param name="EvaluatedUntil">Earlier than now when there were more events than a preview reads.</param>
/// <param name="Truncated">Whether there were.</param>
internal sealed record PreviewAnswer(
    string Status, int Hours, long EventsMatched, int WouldHaveFired, IReadOnlyList<WouldFire> Alerts, DateTimeOffset EvaluatedUntil,
    bool Truncated);

/// <summary>Tries a rule on events of the past, with the same evaluator.</summary>
internal static class Preview
{
    public const int MostAlerts = 200;

    /// <summary>A few seconds of work.</summary>
    private const int MostEvents = 500_000;

    /// <summary>How far, in event time, an end may be seen late.</summary>
    private static readonly long SweepEvery = TimeSpan.FromSeconds(1).Ticks;

    /// <param name="rule">The rule, whether enabled or not.</param>
    /// <param name="hours">How far back.</param>
    /// <param name="now">The end of the time.</param>
    /// <param name="events">From one window before it on, in the order of their commits.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<PreviewAnswer> RunAsync(
        AlertRule rule, int hours, DateTimeOffset now, IAsyncEnumerable<Occurrence> events, CancellationToken cancellationToken)
    {
        var evaluator = new Evaluator();
        var transitions = new List<Transition>();
        var fired = new List<WouldFire>();
        var open = new Dictionary<WindowKey, WouldFire>();
        var since = now.AddHours(-hours).UtcTicks;
        var (seen, counted, until, swept) = (0, 0L, now.UtcTicks, 0L);
        evaluator.Replace([rule], transitions);
        await foreach (var occurrence in events.WithCancellation(cancellationToken))
        {
            if (++seen > MostEvents)
            {
                until = evaluator.Clock;
                break;
            }
            counted += occurrence.ReceivedAt >= since ? 1 : 0;
            if (occurrence.ReceivedAt - swept > SweepEvery)
            {
                evaluator.Advance(swept = occurrence.ReceivedAt, transitions);
            }
            evaluator.Observe(occurrence, transitions);
            Take();
        }
        evaluator.Advance(until, transitions);
        Take();
        fired.AddRange(open.Values);
        // What had ended before the time that was asked for only served to fill the windows.
        var within = fired.Where(alert => alert.ResolvedAt is null || alert.ResolvedAt.Value.UtcTicks >= since)
            .OrderBy(alert => alert.RaisedAt).ToList();
        return new("ok", hours, counted, within.Count, [.. within.Take(MostAlerts)], new(until, TimeSpan.Zero), until < now.UtcTicks);

        void Take()
        {
            foreach (var transition in transitions)
            {
                var at = new DateTimeOffset(transition.At, TimeSpan.Zero);
                if (transition.Raised is not null)
                {
                    open[transition.Key] = new(transition.Key.TenantId, transition.Key.Group, at, null, transition.Matched);
                }
                else if (open.Remove(transition.Key, out var alert))
                {
                    fired.Add(alert with { ResolvedAt = at, MatchedCount = transition.Matched });
                }
            }
            transitions.Clear();
        }
    }
}
