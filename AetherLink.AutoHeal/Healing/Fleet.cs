using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.History;

namespace AetherLink.AutoHeal.Healing;

/// <summary>The governor's state, one change at a time.</summary>
internal sealed class Fleet(RestartGovernor governor, HealClock clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Counted> _counted = [];
    private FleetState _state = FleetState.Empty;

    public FleetState State
    {
        get
        {
            lock (_lock)
                return governor.Look(_state, clock.Now);
        }
    }

    public bool IsBraked
    {
        get
        {
            lock (_lock)
                return _state.Braked;
        }
    }

    public TargetState? Find(string name)
    {
        lock (_lock)
            return _state.Find(name);
    }

    /// <returns>The target before it was seen, and the fleet after.</returns>
    public (TargetState? Before, FleetState After) See(string name, Sighting sighting, bool watchOnly)
    {
        lock (_lock)
        {
            var before = _state.Find(name);
            var dated = sighting with { Since = sighting.Since is { } since ? clock.OfMachine(since) : null };
            return (before, _state = governor.See(_state, name, dated, clock.Now, watchOnly));
        }
    }

    public FleetState Finish(string name, bool healthy) =>
        Change(state => governor.Finish(state, name, healthy, clock.Now));

    public FleetState Unwatch(string name) => Change(state => governor.Unwatch(state, name, clock.Now));

    /// <summary>What the governor would say, without anything coming of it.</summary>
    public Verdict Ask(string name, Request request)
    {
        lock (_lock)
            return governor.Decide(_state, name, request, clock.Now).Verdict;
    }

    /// <param name="heal">The id under which an allowed restart is counted.</param>
    /// <param name="name">The target.</param>
    /// <param name="request">Who wants it.</param>
    /// <param name="begin">
    /// Called with the target as it then is, when it is allowed; where it says no, or fails, nothing has been decided and nothing is counted.
    /// </param>
    public Verdict Decide(Guid heal, string name, Request request, Func<TargetState, bool>? begin = null)
    {
        lock (_lock)
        {
            var now = clock.Now;
            var (state, verdict) = governor.Decide(_state, name, request, now);
            if (verdict.Ruling == Ruling.Restart)
            {
                if (begin?.Invoke(state.Find(name)!) is false)
                    return new Verdict(Ruling.Leave, Bars.NotOnRecord, "It cannot be put on record now.", false);
                _counted[heal] = new Counted(now, IsCertain: true);
            }

            _state = state;
            return verdict;
        }
    }

    /// <summary>
    /// Takes in that nothing is done about the target now. Null where that has changed since it was asked: a cooldown has ended
    /// meanwhile, and a restart that is counted here would never be carried out, nor end.
    /// </summary>
    public Verdict? Leave(string name, Request request)
    {
        lock (_lock)
        {
            var (state, verdict) = governor.Decide(_state, name, request, clock.Now);
            if (verdict is { Ruling: Ruling.Restart } or { Escalates: true })
                return null;
            _state = state;
            return verdict;
        }
    }

    /// <summary>Counts heals of before this process, and of other replicas, each once; and leaves to a person what was left to one.</summary>
    public void Remember(IEnumerable<Heal> heals)
    {
        lock (_lock)
        {
            var now = clock.Now;
            var dated = heals.Select(heal => (Heal: heal, At: Earlier(clock.ToOwn(heal.StartedAt), now))).OrderBy(one => one.At).ToArray();
            foreach (var (heal, at) in dated)
                Count(heal, at, now);
            foreach (var last in dated.Where(one => IsRecent(one.At, now)).GroupBy(one => one.Heal.Target, StringComparer.Ordinal).Select(of => of.Last().Heal))
            {
                if (last.EscalatedAt is not null)
                    _state = governor.GiveUp(_state, last.Target, now);
            }
        }
    }

    /// <summary>What was dated by the machine's clock alone is dated anew once Postgres' is known; what is certain stays where it is.</summary>
    private void Count(Heal heal, DateTimeOffset at, DateTimeOffset now)
    {
        if (_counted.TryGetValue(heal.Id, out var before))
        {
            if (before.IsCertain || !clock.IsShared)
                return;
            _state = governor.Forget(_state, heal.Target, before.At, now);
        }

        _counted[heal.Id] = new Counted(at, clock.IsShared);
        if (IsRecent(at, now))
            _state = governor.Remember(_state, heal.Target, at, heal.Streak, now);
    }

    private static bool IsRecent(DateTimeOffset at, DateTimeOffset now) => at > now - GovernorLimits.Hour;

    private static DateTimeOffset Earlier(DateTimeOffset at, DateTimeOffset now) => at < now ? at : now;

    private FleetState Change(Func<FleetState, FleetState> change)
    {
        lock (_lock)
            return _state = change(_state);
    }

    /// <param name="At">When, by the governor's time.</param>
    /// <param name="IsCertain">It was decided here, or is dated by Postgres' clock.</param>
    private readonly record struct Counted(DateTimeOffset At, bool IsCertain);
}
