using AetherLink.CommandCenter.Alerts.Silencing;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Alerts.Evaluating;

/// <summary>The alerts that are active and the silences that have not ended; decides what becomes of them. Pure.</summary>
internal sealed class ActiveAlerts(AlertEvents events)
{
    private readonly Dictionary<WindowKey, ActiveAlert> _alerts = [];

    private List<Silence> _silences = [];

    // Until then no silence begins or ends, and none is to be announced.
    private DateTimeOffset _nextBoundary = DateTimeOffset.MinValue;

    public IReadOnlyCollection<ActiveAlert> All => _alerts.Values;

    public void Restore(IEnumerable<ActiveAlert> alerts)
    {
        _alerts.Clear();
        foreach (var alert in alerts)
        {
            _alerts.Add(alert.Key, alert);
        }
    }

    /// <summary>The silences as they are now; those that began first mute first.</summary>
    public void Take(IEnumerable<Silence> silences)
    {
        _silences = [.. silences.OrderBy(silence => silence.StartsAt).ThenBy(silence => silence.Seq)];
        _nextBoundary = DateTimeOffset.MinValue;
    }

    public ActiveAlert? Find(WindowKey key) => _alerts.GetValueOrDefault(key);

    public void Apply(IEnumerable<Transition> transitions, Func<long, string?> eventId, AlertChanges changes)
    {
        foreach (var transition in transitions)
        {
            if (transition.Raised is { } rule)
            {
                Raise(transition, rule, eventId, changes);
            }
            else if (_alerts.Remove(transition.Key, out var alert))
            {
                Resolve(alert, transition, changes);
            }
        }
    }

    /// <summary>What time does to silences, and they to alerts.</summary>
    public void Advance(DateTimeOffset now, AlertChanges changes)
    {
        if (now < _nextBoundary)
        {
            return;
        }
        foreach (var alert in _alerts.Values)
        {
            Mute(alert, now, changes);
        }
        foreach (var silence in _silences.Where(silence => !silence.Announced && silence.IsInForce(now)
            && silence.EndsAt - now <= AlertLimits.Expiring).ToList())
        {
            changes.Announced.Add(silence.SilenceId);
            changes.Events.Add(events.Expiring(silence, now));
            _silences[_silences.IndexOf(silence)] = silence with { Announced = true };
        }
        _silences.RemoveAll(silence => silence.EndsAt <= now);
        _nextBoundary = _silences
            .SelectMany(silence => new[] { silence.StartsAt, silence.EndsAt - AlertLimits.Expiring, silence.EndsAt })
            .Where(boundary => boundary > now)
            .DefaultIfEmpty(DateTimeOffset.MaxValue)
            .Min();
    }

    private void Raise(Transition transition, AlertRule rule, Func<long, string?> eventId, AlertChanges changes)
    {
        var at = new DateTimeOffset(transition.At, TimeSpan.Zero);
        var alert = new ActiveAlert
        {
            AlertId = Guid.CreateVersion7(at),
            Key = transition.Key,
            RuleName = rule.Name,
            Severity = rule.AlertSeverity,
            Threshold = rule.Threshold,
            WindowSeconds = rule.WindowSeconds,
            RaisedAt = at,
            Matched = transition.Matched,
            EventIds = [.. transition.Newest.Select(eventId).OfType<string>()],
            EventType = rule.EventType,
            Source = rule.Source,
            GroupBy = rule.GroupBy,
        };
        _alerts.Add(alert.Key, alert);
        changes.Raised.Add(alert);
        var silence = Matching.First(alert, _silences, at);
        alert.SilencedBy = silence?.SilenceId;
        changes.Events.Add(events.Of(EventTypes.OpsAlertRaised, alert, at));
        if (silence is not null)
        {
            changes.Mutes.Add((silence.SilenceId, alert.AlertId, at));
            changes.Events.Add(events.Of(EventTypes.OpsAlertSilenced, alert, at, silence));
        }
    }

    private void Resolve(ActiveAlert alert, Transition transition, AlertChanges changes)
    {
        var at = new DateTimeOffset(transition.At, TimeSpan.Zero);
        (alert.ResolvedAt, alert.Reason, alert.Matched) = (at, transition.Reason, transition.Matched);
        if (!changes.Raised.Contains(alert))
        {
            changes.Resolved.Add(alert);
        }
        changes.Events.Add(events.Of(EventTypes.OpsAlertResolved, alert, at));
        if (alert.SilencedBy is { } by
            && _silences.Find(silence => silence.SilenceId == by) is { UntilResolved: true }
            && _alerts.Values.All(other => other.SilencedBy != by))
        {
            changes.Ended.Add((by, at));
            _silences.RemoveAll(silence => silence.SilenceId == by);
        }
    }

    private void Mute(ActiveAlert alert, DateTimeOffset now, AlertChanges changes)
    {
        var silence = Matching.First(alert, _silences, now);
        if (alert.SilencedBy == silence?.SilenceId)
        {
            return;
        }
        if (alert.SilencedBy is { } before)
        {
            changes.Unmutes.Add((before, alert.AlertId, now));
        }
        alert.SilencedBy = silence?.SilenceId;
        changes.Silenced.Add(alert);
        if (silence is null)
        {
            // Nobody was told when it was raised.
            changes.Events.Add(events.Of(EventTypes.OpsAlertUnsilenced, alert, now));
            return;
        }
        changes.Mutes.Add((silence.SilenceId, alert.AlertId, now));
        changes.Events.Add(events.Of(EventTypes.OpsAlertSilenced, alert, now, silence));
    }
}
