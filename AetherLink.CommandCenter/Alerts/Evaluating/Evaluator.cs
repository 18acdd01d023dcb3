using AetherLink.CommandCenter.Events;

namespace AetherLink.CommandCenter.Alerts.Evaluating;

/// <summary>
/// Decides which alerts are active: those of the windows whose count has reached the threshold. Pure: its time comes with the
/// events and from <see cref="Advance"/>, and never runs backwards. An event counts from its own time, clamped to between its
/// reception less the window and its reception, for as long as the window is.
/// </summary>
internal sealed class Evaluator(Func<AlertRule, WindowQuota>? quota = null)
{
    /// <summary>A rule that names no type does not count these: it would feed on what it raises.</summary>
    public const string AboutAlerts = "ops.alert.";

    private readonly Func<AlertRule, WindowQuota> _quota = quota ?? WindowQuota.Of;

    private Dictionary<Guid, RuleWindows> _rules = [];
    private Dictionary<string, RuleWindows[]> _byType = new(StringComparer.Ordinal);
    private RuleWindows[][] _ofAnyType = [[], [], [], []];

    public long Clock { get; private set; }

    /// <summary>The number of the last event that was observed: what is not behind it is known already.</summary>
    public long Position { get; private set; }

    public bool HasRules => _rules.Count > 0;

    public IEnumerable<AlertRule> Rules => _rules.Values.Select(windows => windows.Rule);

    /// <summary>The payload paths that rules group by.</summary>
    public IReadOnlyList<string> Paths { get; private set; } = [];

    public int Windows => _rules.Values.Sum(windows => windows.Count);

    /// <summary>Events that found no room, by rule and tenant, since the windows of the rule were made.</summary>
    public IEnumerable<(AlertRule Rule, string Tenant, long Events)> Overflowed =>
        _rules.Values.SelectMany(windows => windows.Overflowed.Select(one => (windows.Rule, one.Key, one.Value)));

    /// <summary>The windows that have an active alert, and how many events it has matched.</summary>
    public IEnumerable<(WindowKey Key, long Matched)> Firing => _rules.Values.SelectMany(windows => windows.Firing);

    /// <summary>Those that have matched more events since this was asked last.</summary>
    public IEnumerable<(WindowKey Key, long Matched)> TakeCounted() => _rules.Values.SelectMany(windows => windows.TakeCounted());

    public WindowQuota QuotaOf(AlertRule rule) => _quota(rule);

    /// <summary>Where it begins after a start: how far another had come, and when.</summary>
    public void StartAt(long position, long clock) => (Position, Clock) = (position, clock);

    /// <summary>
    /// Takes over the enabled rules. The answer are those that are new or count otherwise than before: their windows are empty,
    /// and are filled by <see cref="Refill"/> and brought in force by <see cref="Settle"/>.
    /// </summary>
    public IReadOnlyList<AlertRule> Replace(IReadOnlyList<AlertRule> rules, List<Transition> transitions)
    {
        var before = _rules;
        Paths = [.. rules.Select(rule => Grouping.Parse(rule.GroupBy)?.Path).OfType<string>().Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)];
        var fresh = new List<AlertRule>();
        // The places of the paths may have changed, and windows know them by their places.
        _rules = rules.ToDictionary(rule => rule.RuleId, rule => Taken(rule, before, fresh));
        foreach (var (id, old) in before)
        {
            if (!_rules.ContainsKey(id))
            {
                transitions.AddRange(old.Firing.Select(firing =>
                    Transition.Ended(firing.Key, Clock, firing.Matched, Reasons.RuleRemoved)));
            }
        }
        Index();
        return fresh;
    }

    /// <summary>An alert that is active already: after a start, before the windows are refilled.</summary>
    public bool Fire(WindowKey key, long matched)
    {
        if (!_rules.TryGetValue(key.RuleId, out var windows))
        {
            return false;
        }
        windows.Fire(key, matched);
        return true;
    }

    /// <summary>Gives an old event to rules whose windows are empty.</summary>
    public void Refill(in Occurrence occurrence, IReadOnlySet<Guid> fresh)
    {
        Clock = Math.Max(Clock, occurrence.ReceivedAt);
        foreach (var windows in Interested(occurrence))
        {
            if (fresh.Contains(windows.Rule.RuleId))
            {
                windows.Observe(occurrence, Clock, transitions: null);
            }
        }
    }

    /// <summary>Brings the alerts of refilled windows in line with their counts.</summary>
    public void Settle(IEnumerable<AlertRule> fresh, List<Transition> transitions)
    {
        foreach (var rule in fresh)
        {
            _rules[rule.RuleId].SettleAll(Clock, transitions);
        }
    }

    public void Observe(in Occurrence occurrence, List<Transition> transitions)
    {
        if (occurrence.Sequence <= Position)
        {
            return;
        }
        Position = occurrence.Sequence;
        Clock = Math.Max(Clock, occurrence.ReceivedAt);
        foreach (var windows in Interested(occurrence))
        {
            windows.Observe(occurrence, Clock, transitions);
        }
    }

    /// <summary>Time has passed: ends the alerts of windows that have fallen below their threshold.</summary>
    public void Advance(long now, List<Transition> transitions)
    {
        Clock = Math.Max(Clock, now);
        foreach (var windows in _rules.Values)
        {
            windows.Advance(Clock, transitions);
        }
    }

    /// <summary>Forgets windows that are empty.</summary>
    public void Tidy(List<Transition> transitions)
    {
        foreach (var windows in _rules.Values)
        {
            windows.SettleAll(Clock, transitions);
        }
    }

    private RuleWindows Taken(AlertRule rule, Dictionary<Guid, RuleWindows> before, List<AlertRule> fresh)
    {
        if (before.TryGetValue(rule.RuleId, out var old) && old.Rule.CountsAs(rule))
        {
            old.Rule = rule;
            old.PlacePath(Paths);
            return old;
        }
        fresh.Add(rule);
        var windows = new RuleWindows(rule, Paths, _quota(rule));
        foreach (var (key, matched) in old?.Firing ?? [])
        {
            windows.Fire(key, matched);
        }
        return windows;
    }

    private void Index()
    {
        _byType = _rules.Values
            .SelectMany(windows => windows.Rule.EventTypeList().Distinct().Select(type => (type, windows)))
            .GroupBy(one => one.type, one => one.windows, StringComparer.Ordinal)
            .ToDictionary(one => one.Key, one => one.ToArray(), StringComparer.Ordinal);
        _ofAnyType = [.. Enum.GetValues<Severity>().Select(severity =>
            _rules.Values.Where(windows => windows.Rule.EventType is null && windows.Takes(severity)).ToArray())];
    }

    private Interest Interested(in Occurrence occurrence) => IsAboutAlertsOfAlerts(occurrence) ? new([], []) : new(
        _byType.GetValueOrDefault(occurrence.EventType, []),
        occurrence.EventType.StartsWith(AboutAlerts, StringComparison.Ordinal) ? [] : _ofAnyType[(int)occurrence.Severity]);

    private bool IsAboutAlertsOfAlerts(in Occurrence occurrence) =>
        occurrence.AboutRule is { } about && _rules.TryGetValue(about, out var teller) && teller.CountsAlerts;

    /// <summary>Two lists, one after the other, without making a third.</summary>
    private ref struct Interest(RuleWindows[] named, RuleWindows[] others)
    {
        private int _next = -1;

        public readonly RuleWindows Current => _next < named.Length ? named[_next] : others[_next - named.Length];

        public readonly Interest GetEnumerator() => this;

        public bool MoveNext() => ++_next < named.Length + others.Length;
    }
}
