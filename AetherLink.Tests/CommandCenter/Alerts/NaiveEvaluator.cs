using AetherLink.CommandCenter.Alerts;
using AetherLink.CommandCenter.Alerts.Evaluating;
using AetherLink.CommandCenter.Events;

namespace AetherLink.Tests.CommandCenter.Alerts;

/// <summary>The evaluator's meaning, written down: every question recounts the list of all events.</summary>
internal sealed class NaiveEvaluator(WindowQuota quota)
{
    // By rule: which events it has let in, and what it has raised.
    private sealed record Book(AlertRule Rule)
    {
        public string[]? Types { get; } = Rule.EventType?.Split(',');

        public string[]? Severities { get; } = Rule.Severity?.Split(',');

        public List<(long Time, long Sequence, string Tenant, string? Group)> Counted { get; init; } = [];

        public Dictionary<(string Tenant, string? Group), long> Firing { get; init; } = [];
    }

    private readonly List<Occurrence> _all = [];
    private Dictionary<Guid, Book> _books = [];

    public long Clock { get; private set; }

    public void Replace(IReadOnlyList<AlertRule> rules, List<Transition> transitions)
    {
        var before = _books;
        _books = rules.ToDictionary(rule => rule.RuleId, rule =>
            before.TryGetValue(rule.RuleId, out var old) && old.Rule.CountsAs(rule)
                ? new Book(rule) { Counted = old.Counted, Firing = old.Firing }
                : new Book(rule) { Firing = old?.Firing ?? [] });
        foreach (var gone in before.Where(book => !_books.ContainsKey(book.Key)))
        {
            transitions.AddRange(gone.Value.Firing.Select(firing =>
                Transition.Ended(new(gone.Key, firing.Key.Tenant, firing.Key.Group), Clock, firing.Value, Reasons.RuleRemoved)));
        }
        foreach (var book in _books.Values.Where(book => !before.TryGetValue(book.Rule.RuleId, out var old) || !old.Rule.CountsAs(book.Rule)))
        {
            foreach (var occurrence in _all)
            {
                Count(book, occurrence, isRefill: true, transitions);
            }
            SettleAll(book, transitions);
        }
    }

    public void Observe(Occurrence occurrence, List<Transition> transitions)
    {
        if (_all.Count > 0 && _all[^1].Sequence >= occurrence.Sequence)
        {
            return;
        }
        _all.Add(occurrence);
        Clock = Math.Max(Clock, occurrence.ReceivedAt);
        foreach (var book in _books.Values)
        {
            Count(book, occurrence, isRefill: false, transitions);
        }
    }

    public void Advance(long now, List<Transition> transitions)
    {
        Clock = Math.Max(Clock, now);
        foreach (var book in _books.Values)
        {
            SettleAll(book, transitions);
        }
    }

    public HashSet<WindowKey> Firing() =>
        [.. _books.Values.SelectMany(book => book.Firing.Keys.Select(key => new WindowKey(book.Rule.RuleId, key.Tenant, key.Group)))];

    private void Count(Book book, Occurrence occurrence, bool isRefill, List<Transition> transitions)
    {
        var rule = book.Rule;
        var length = rule.WindowSeconds * TimeSpan.TicksPerSecond;
        var time = Math.Max(occurrence.ReceivedAt - length, Math.Min(occurrence.OccurredAt, occurrence.ReceivedAt));
        if (time < Clock - length
            || (book.Types is null ? occurrence.EventType.StartsWith("ops.alert.", StringComparison.Ordinal) : !book.Types.Contains(occurrence.EventType))
            || (book.Severities is not null && !book.Severities.Contains(occurrence.Severity.Name()))
            || (rule.TenantId is not null && rule.TenantId != occurrence.TenantId)
            || (rule.Source is not null && rule.Source != occurrence.Source)
            || occurrence.AboutRule == rule.RuleId
            || (occurrence.AboutRule is { } about && _books.TryGetValue(about, out var teller)
                && teller.Types?.Any(type => type.StartsWith("ops.alert.", StringComparison.Ordinal)) == true))
        {
            return;
        }
        var group = rule.GroupBy switch
        {
            null => null,
            "source" => occurrence.Source,
            "event_type" => occurrence.EventType,
            "severity" => occurrence.Severity.Name(),
            "tenant" => occurrence.TenantId,
            _ => occurrence.Values![rule.GroupBy == "payload.a" ? 0 : 1] ?? "",
        };
        var key = (occurrence.TenantId, group);
        if (!isRefill)
        {
            if (HasNoRoomFor(book, key))
            {
                SettleAll(book, transitions);
            }
            Settle(book, key, transitions);
        }
        if (HasNoRoomFor(book, key))
        {
            return;
        }
        // No window is as long, and the clock never runs backwards: only so that a million operations take seconds.
        book.Counted.RemoveAll(one => one.Time < Clock - 4 * TimeSpan.TicksPerSecond);
        book.Counted.Add((time, occurrence.Sequence, key.TenantId, key.group));
        if (isRefill)
        {
            return;
        }
        if (book.Firing.TryGetValue(key, out var matched))
        {
            book.Firing[key] = matched + 1;
        }
        Settle(book, key, transitions);
    }

    // Whatever the windows are, there are not more of them than events and alerts.
    private bool HasNoRoomFor(Book book, (string Tenant, string? Group) key) =>
        book.Counted.Count + book.Firing.Count >= Math.Min(quota.OfATenant, quota.InAll)
        && Live(book).Union(book.Firing.Keys).ToHashSet() is var kept && !kept.Contains(key)
        && (kept.Count >= quota.InAll || kept.Count(one => one.Tenant == key.Tenant) >= quota.OfATenant);

    private HashSet<(string Tenant, string? Group)> Live(Book book) =>
        [.. book.Counted.Where(one => one.Time >= Clock - book.Rule.WindowSeconds * TimeSpan.TicksPerSecond).Select(one => (one.Tenant, one.Group))];

    private void SettleAll(Book book, List<Transition> transitions)
    {
        foreach (var key in Live(book).Union(book.Firing.Keys).ToList())
        {
            Settle(book, key, transitions);
        }
    }

    private void Settle(Book book, (string Tenant, string? Group) key, List<Transition> transitions)
    {
        var since = Clock - book.Rule.WindowSeconds * TimeSpan.TicksPerSecond;
        var count = 0;
        foreach (var one in book.Counted)
        {
            count += one.Time >= since && one.Tenant == key.Tenant && one.Group == key.Group ? 1 : 0;
        }
        var isFiring = book.Firing.TryGetValue(key, out var matched);
        if (count >= book.Rule.Threshold && !isFiring)
        {
            var window = book.Counted.Where(one => (one.Tenant, one.Group) == key && one.Time >= since).OrderByDescending(one => (one.Time, one.Sequence));
            book.Firing[key] = book.Rule.Threshold;
            transitions.Add(new(new(book.Rule.RuleId, key.Tenant, key.Group), book.Rule, Clock, book.Rule.Threshold,
                [.. window.Take(Math.Min(AlertLimits.EventsNamed, book.Rule.Threshold)).Select(one => one.Sequence)]));
        }
        else if (count < book.Rule.Threshold && isFiring)
        {
            book.Firing.Remove(key);
            transitions.Add(Transition.Ended(new(book.Rule.RuleId, key.Tenant, key.Group), Clock, matched, Reasons.Passed));
        }
    }
}
