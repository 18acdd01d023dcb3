using AetherLink.CommandCenter.Events;

namespace AetherLink.CommandCenter.Alerts.Evaluating;

/// <summary>The windows of one rule: one for each tenant and group that has events in it.</summary>
internal sealed class RuleWindows
{
    private readonly Dictionary<(string Tenant, string? Group), Window> _windows = [];
    private readonly HashSet<(string Tenant, string? Group)> _firing = [];
    private readonly HashSet<(string Tenant, string? Group)> _counted = [];
    private readonly Grouping _grouping;
    private readonly long _length;
    private readonly WindowQuota _quota;
    private readonly Dictionary<string, int> _ofTenant = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _overflowed = new(StringComparer.Ordinal);
    private readonly int _severities;
    private int _path = -1;

    /// <summary>Stands for the tenants beyond those that are counted one by one.</summary>
    public const string Others = "";

    /// <summary>Tenants whose overflow is counted one by one.</summary>
    private const int MostTenants = 1_000;

    // Before this no window can be empty: spares looking through all of them whenever one more is wanted.
    private long _nextIdle = long.MaxValue;

    public RuleWindows(AlertRule rule, IReadOnlyList<string> paths, WindowQuota quota)
    {
        Rule = rule;
        _grouping = Grouping.Parse(rule.GroupBy) ?? default;
        PlacePath(paths);
        _length = TimeSpan.FromSeconds(rule.WindowSeconds).Ticks;
        _quota = quota;
        CountsAlerts = rule.EventTypeList().Any(type => type.StartsWith(Evaluator.AboutAlerts, StringComparison.Ordinal));
        _severities = rule.SeverityList().Aggregate(0, (bits, severity) => bits | (1 << (int)severity));
    }

    public AlertRule Rule { get; set; }

    /// <summary>It names events about alerts. What tells of its own alerts is counted by no rule: two of them would keep each other firing.</summary>
    public bool CountsAlerts { get; }

    /// <summary>Events that found no window and no room for one, by tenant.</summary>
    public IReadOnlyDictionary<string, long> Overflowed => _overflowed;

    public int Count => _windows.Count;

    public IEnumerable<(WindowKey Key, long Matched)> Firing => _firing.Select(key => (KeyOf(key), _windows[key].Matched));

    public bool Takes(Severity severity) => _severities == 0 || (_severities & (1 << (int)severity)) != 0;

    /// <summary>The active alerts that have matched more events since this was asked last.</summary>
    public IEnumerable<(WindowKey Key, long Matched)> TakeCounted()
    {
        foreach (var key in _counted.Where(_firing.Contains))
        {
            yield return (KeyOf(key), _windows[key].Matched);
        }
        _counted.Clear();
    }

    /// <summary>Where the value that it groups by stands among an event's.</summary>
    public void PlacePath(IReadOnlyList<string> paths) => _path = _grouping.Path is { } path ? paths.ToList().IndexOf(path) : -1;

    /// <summary>An alert that is active already.</summary>
    public void Fire(WindowKey key, long matched)
    {
        var window = Add((key.TenantId, key.Group));
        (window.IsFiring, window.Matched) = (true, matched);
        _firing.Add((key.TenantId, key.Group));
    }

    /// <summary>Counts an event, if it is the rule's. Transitions are told if they are asked for; when windows are rebuilt they are not.</summary>
    public void Observe(in Occurrence occurrence, long now, List<Transition>? transitions)
    {
        if (!Matches(occurrence))
        {
            return;
        }
        var time = Math.Clamp(occurrence.OccurredAt, occurrence.ReceivedAt - _length, occurrence.ReceivedAt);
        if (time < now - _length)
        {
            return;
        }
        var key = (occurrence.TenantId, _grouping.Of(occurrence, _path));
        if (Find(key, now, transitions) is not { } window)
        {
            Overflow(occurrence.TenantId);
            return;
        }
        window.Expire(now - _length);
        if (transitions is not null)
        {
            Settle(key, window, now, transitions);
        }
        window.Add(time, occurrence.Sequence);
        _nextIdle = Math.Min(_nextIdle, time + _length);
        if (transitions is null)
        {
            return;
        }
        if (window.IsFiring)
        {
            window.Matched++;
            _counted.Add(key);
        }
        Settle(key, window, now, transitions);
    }

    /// <summary>Ends the alerts whose windows have fallen below the threshold.</summary>
    public void Advance(long now, List<Transition> transitions)
    {
        if (_firing.Count == 0)
        {
            return;
        }
        foreach (var key in _firing.ToArray())
        {
            var window = _windows[key];
            window.Expire(now - _length);
            Settle(key, window, now, transitions);
        }
    }

    /// <summary>Brings every window's alert in line with its count, and forgets the empty ones.</summary>
    public void SettleAll(long now, List<Transition> transitions)
    {
        _nextIdle = long.MaxValue;
        foreach (var (key, window) in _windows)
        {
            window.Expire(now - _length);
            Settle(key, window, now, transitions);
            if (window.IsIdle)
            {
                Remove(key);
            }
            else
            {
                _nextIdle = Math.Min(_nextIdle, window.NewestTime + _length);
            }
        }
    }

    private bool Matches(in Occurrence occurrence) =>
        Takes(occurrence.Severity)
        && (Rule.TenantId is null || Rule.TenantId == occurrence.TenantId)
        && (Rule.Source is null || Rule.Source == occurrence.Source)
        && occurrence.AboutRule != Rule.RuleId;

    private Window? Find((string Tenant, string? Group) key, long now, List<Transition>? transitions)
    {
        if (_windows.TryGetValue(key, out var window))
        {
            return window;
        }
        // While windows are refilled no time passes, and none can have become empty.
        if (!HasRoomFor(key.Tenant) && now > _nextIdle && transitions is not null)
        {
            SettleAll(now, transitions);
        }
        return HasRoomFor(key.Tenant) ? Add(key) : null;
    }

    private bool HasRoomFor(string tenant) => _windows.Count < _quota.InAll && _ofTenant.GetValueOrDefault(tenant) < _quota.OfATenant;

    private Window Add((string Tenant, string? Group) key)
    {
        _ofTenant[key.Tenant] = _ofTenant.GetValueOrDefault(key.Tenant) + 1;
        return _windows[key] = new(Rule.Threshold);
    }

    private void Remove((string Tenant, string? Group) key)
    {
        _windows.Remove(key);
        if ((_ofTenant[key.Tenant] -= 1) == 0)
        {
            _ofTenant.Remove(key.Tenant);
        }
    }

    private void Overflow(string tenant)
    {
        var counted = _overflowed.Count < MostTenants || _overflowed.ContainsKey(tenant) ? tenant : Others;
        _overflowed[counted] = _overflowed.GetValueOrDefault(counted) + 1;
    }

    private WindowKey KeyOf((string Tenant, string? Group) key) => new(Rule.RuleId, key.Tenant, key.Group);

    private void Settle((string Tenant, string? Group) key, Window window, long now, List<Transition> transitions)
    {
        if (window.ReachesThreshold == window.IsFiring)
        {
            return;
        }
        window.IsFiring = window.ReachesThreshold;
        if (window.IsFiring)
        {
            _firing.Add(key);
            window.Matched = window.Count;
            transitions.Add(new(KeyOf(key), Rule, now, window.Count, window.Newest(AlertLimits.EventsNamed)));
        }
        else
        {
            _firing.Remove(key);
            transitions.Add(Transition.Ended(KeyOf(key), now, window.Matched, Reasons.Passed));
        }
    }
}
