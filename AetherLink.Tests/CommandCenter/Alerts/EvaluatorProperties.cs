using AetherLink.CommandCenter.Alerts;
using AetherLink.CommandCenter.Alerts.Evaluating;
using AetherLink.CommandCenter.Events;

namespace AetherLink.Tests.CommandCenter.Alerts;

/// <summary>The evaluator held against recounting, over more than a million random operations.</summary>
public sealed class EvaluatorProperties
{
    private const int OperationsAStory = 100;

    // Every other story has more groups than a rule keeps windows for. There time is told before each event: when else the ends
    // of other groups are seen depends on when room is looked for.
    private static readonly WindowQuota[] Quotas = [new(3, 7), new(1_000, 1_000)];

    private static readonly string[] Types = ["lead.created", "autoheal.failed", "service.health.failed", "ops.alert.raised"];
    private static readonly string[] Tenants = ["a", "b", "c"];
    private static readonly string?[] Groupings = [null, null, "source", "event_type", "severity", "tenant", "payload.a", "payload.b.c"];

    [Fact]
    public void Alerts_are_what_recounting_all_events_says()
    {
        var seeds = Enumerable.Range(0, Soak.Rounds(sample: 10_100, soak: 250_000));

        var operations = 0L;
        Parallel.ForEach(seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed =>
            Interlocked.Add(ref operations, new Story(seed).Play()));

        Assert.True(operations >= 1_000_000, $"{operations} operations");
    }

    [Fact]
    public void Tenant_that_fills_its_windows_leaves_room_for_the_others_until_the_rule_is_full()
    {
        var rule = Rules.Rule(threshold: 1) with { GroupBy = "source" };
        var evaluator = new Evaluator(_ => new(OfATenant: 3, InAll: 5));
        var transitions = new List<Transition>();
        evaluator.Replace([rule], transitions);
        var sequence = 0L;
        void Observe(string tenant, string source) =>
            evaluator.Observe(new(++sequence, "lead.created", source, tenant, Severity.Info, 1, 1) { Values = [] }, transitions);

        for (var source = 0; source < 10; source++)
        {
            Observe("greedy", $"s{source}");
        }
        Observe("modest", "s0");
        Observe("another", "s0");
        Observe("late", "s0");

        Assert.Equal(["greedy", "greedy", "greedy", "modest", "another"], transitions.Select(one => one.Key.TenantId));
        Assert.Equal([("greedy", 7L), ("late", 1L)], evaluator.Overflowed.Select(one => (one.Tenant, one.Events)));
    }

    [Fact]
    public void Two_rules_about_the_beginnings_and_ends_of_alerts_do_not_keep_each_other_firing()
    {
        var about = Rules.Rule(threshold: 1, windowSeconds: 1) with { EventType = "ops.alert.raised,ops.alert.resolved" };
        var rules = new[] { Rules.Rule(threshold: 1, windowSeconds: 1) with { EventType = "lead.created" }, about, about with { RuleId = Guid.NewGuid() } };
        var evaluator = new Evaluator();
        var (transitions, sequence, now) = (new List<Transition>(), 0L, TimeSpan.TicksPerHour);
        evaluator.Replace(rules, transitions);
        void Observe(string type, Guid? rule) => evaluator.Observe(
            new(++sequence, type, "tests", "a", Severity.Info, now, now) { AboutRule = rule, Values = [] }, transitions);

        Observe("lead.created", null);
        var last = 0;
        for (var step = 0; step < 100; step++)
        {
            now += TimeSpan.TicksPerSecond / 4;
            evaluator.Advance(now, transitions);
            var told = transitions.ToList();
            transitions.Clear();
            told.ForEach(one => Observe(one.Raised is null ? "ops.alert.resolved" : "ops.alert.raised", one.Key.RuleId));
            last = told.Count > 0 ? step : last;
        }

        Assert.InRange(last, 1, 20);
        Assert.Empty(evaluator.Firing);
    }

    private sealed class Story(int seed)
    {
        private readonly Random _dice = new(seed);
        private readonly Evaluator _fast = new(_ => Quotas[seed % 2]);
        private readonly NaiveEvaluator _naive = new(Quotas[seed % 2]);
        private readonly List<Occurrence> _events = [];
        private readonly Guid[] _ids = [new(1, 0, 0, new byte[8]), new(2, 0, 0, new byte[8]), new(3, 0, 0, new byte[8])];
        private List<AlertRule> _rules = [];
        private long _now = new DateTime(2026, 1, 31, 0, 0, 0, DateTimeKind.Utc).Ticks;

        public int Play()
        {
            _fast.StartAt(0, _now);
            _naive.Advance(_now, []);
            var (fast, naive) = (new List<Transition>(), new List<Transition>());
            for (var operation = 0; operation < OperationsAStory; operation++)
            {
                fast.Clear();
                naive.Clear();
                Act(fast, naive);
                if (fast.Count + naive.Count > 0 && Text(fast) is var one && Text(naive) is var other && one != other)
                {
                    Assert.Fail($"seed {seed}, operation {operation}:\nfast  {one}\nnaive {other}");
                }
            }
            Assert.Equal(_naive.Firing().Order(Comparer<WindowKey>.Create((x, y) => string.CompareOrdinal(x.ToString(), y.ToString()))),
                _fast.Firing.Select(one => one.Key).Order(Comparer<WindowKey>.Create((x, y) => string.CompareOrdinal(x.ToString(), y.ToString()))));
            return OperationsAStory;
        }

        private void Act(List<Transition> fast, List<Transition> naive)
        {
            switch (_dice.Next(100))
            {
                case < 4:
                    ChangeRules();
                    var fresh = _fast.Replace(_rules, fast);
                    var ids = fresh.Select(rule => rule.RuleId).ToHashSet();
                    foreach (var occurrence in _events)
                    {
                        _fast.Refill(Placed(occurrence), ids);
                    }
                    _fast.Settle(fresh, fast);
                    _naive.Replace(_rules, naive);
                    break;
                case < 14:
                    // To the edge of a window, one tick beyond it, or anywhere.
                    _now += _dice.Next(3) switch
                    {
                        0 => 2 * TimeSpan.TicksPerSecond,
                        1 => 2 * TimeSpan.TicksPerSecond + 1,
                        _ => _dice.NextInt64(4 * TimeSpan.TicksPerSecond),
                    };
                    _fast.Advance(_now, fast);
                    _naive.Advance(_now, naive);
                    if (_dice.Next(3) == 0)
                    {
                        _fast.Tidy(fast);
                    }
                    break;
                case < 18 when _events.Count > 0:
                    Observe(_events[_dice.Next(_events.Count)], fast, naive);
                    break;
                default:
                    _now += _dice.Next(4) == 0 ? _dice.NextInt64(TimeSpan.TicksPerSecond / 2) : 0;
                    var next = Next();
                    _events.Add(next);
                    if (seed % 2 == 0)
                    {
                        _fast.Advance(_now, fast);
                        _naive.Advance(_now, naive);
                    }
                    Observe(next, fast, naive);
                    break;
            }
        }

        private void Observe(Occurrence occurrence, List<Transition> fast, List<Transition> naive)
        {
            _fast.Observe(Placed(occurrence), fast);
            _naive.Observe(occurrence, naive);
        }

        /// <summary>The values stand where the evaluator wants them: of a, of b.c, of both or of none.</summary>
        private Occurrence Placed(Occurrence occurrence) => occurrence with
        {
            Values = [.. _fast.Paths.Select(path => occurrence.Values![path == "a" ? 0 : 1])],
        };

        private Occurrence Next() => new(
            _events.Count + 1, Types[_dice.Next(Types.Length)], $"s{_dice.Next(2)}", Tenants[_dice.Next(Tenants.Length)],
            (Severity)_dice.Next(4), OccurredAt(), _now)
        {
            AboutRule = _dice.Next(2) == 0 ? _ids[_dice.Next(_ids.Length)] : null,
            Values = [Value(), Value()],
        };

        private long OccurredAt() => _dice.Next(5) switch
        {
            0 => _now + _dice.NextInt64(3 * TimeSpan.TicksPerSecond),
            1 => _now - _dice.NextInt64(6 * TimeSpan.TicksPerSecond),
            2 => _now - 2 * TimeSpan.TicksPerSecond,
            _ => _now,
        };

        private string? Value() => _dice.Next(4) switch { 0 => null, var n => $"g{n}" };

        private void ChangeRules()
        {
            _rules = [.. _ids.Where(_ => _dice.Next(4) > 0).Select(id =>
                _dice.Next(2) == 0 && _rules.Find(rule => rule.RuleId == id) is { } known
                    ? known with { Name = $"renamed {_dice.Next()}" }
                    : Rules.Rule(threshold: 1 + _dice.Next(5), windowSeconds: 1 + _dice.Next(3), id) with
                    {
                        EventType = _dice.Next(4) switch { 0 => "lead.created", 1 => "lead.created,ops.alert.raised", _ => null },
                        Severity = _dice.Next(4) switch { 0 => "error", 1 => "warning,critical", _ => null },
                        Source = _dice.Next(4) == 0 ? "s1" : null,
                        TenantId = _dice.Next(3) == 0 ? "a" : null,
                        GroupBy = Groupings[_dice.Next(Groupings.Length)],
                    })];
        }

        private static string Text(List<Transition> transitions) => string.Join('\n', transitions
            .Select(one => $"{one.Key} {(one.Raised is null ? "ended" : "raised")} {one.At} {one.Matched} [{string.Join(' ', one.Newest)}] {one.Reason}")
            .Order(StringComparer.Ordinal));
    }
}
