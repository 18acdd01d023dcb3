using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.History;

namespace AetherLink.AutoHeal.Healing;

/// <summary>The governor's state, one change at a time.</summary>
internal sealed class Fleet(RestartGovernor governor, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Guid> _counted = [];
    private FleetState _state = FleetState.Empty;

    public FleetState State
    {
        get
        {
            lock (_lock)
                return governor.Look(_state, clock.GetUtcNow());
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
            return (before, _state = governor.See(_state, name, sighting, clock.GetUtcNow(), watchOnly));
        }
    }

    public FleetState Finish(string name, bool healthy) =>
        Change(state => governor.Finish(state, name, healthy, clock.GetUtcNow()));

    public FleetState Unwatch(string name) => Change(state => governor.Unwatch(state, name, clock.GetUtcNow()));

    /// <summary>What the governor would say, without anything coming of it.</summary>
    public Verdict Ask(string name, Request request)
    {
        lock (_lock)
            return governor.Decide(_state, name, request, clock.GetUtcNow()).Verdict;
    }

    /// <param name="heal">The id under which an allowed restart is counted.</param>
    /// <param name="name">The target.</param>
    /// <param name="request">Who wants it.</param>
    public Verdict Decide(Guid heal, string name, Request request)
    {
        lock (_lock)
        {
            (_state, var verdict) = governor.Decide(_state, name, request, clock.GetUtcNow());
            if (verdict.Ruling == Ruling.Restart)
                _counted.Add(heal);
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
            var (state, verdict) = governor.Decide(_state, name, request, clock.GetUtcNow());
            if (verdict is { Ruling: Ruling.Restart } or { Escalates: true })
                return null;
            _state = state;
            return verdict;
        }
    }

    /// <summary>Counts heals of before this process, and of other replicas, each once; and leaves to a person what was left to one.</summary>
    public void Remember(IEnumerable<Heal> heals)
    {
        var now = clock.GetUtcNow();
        var ofLastHour = heals.Where(heal => heal.StartedAt > now - GovernorLimits.Hour).OrderBy(heal => heal.StartedAt).ToArray();
        lock (_lock)
        {
            foreach (var heal in ofLastHour.Where(heal => _counted.Add(heal.Id)))
                _state = governor.Remember(_state, heal.Target, heal.StartedAt, heal.Streak, now);
            foreach (var last in ofLastHour.GroupBy(heal => heal.Target, StringComparer.Ordinal).Select(of => of.Last()).Where(heal => heal.EscalatedAt is not null))
                _state = governor.GiveUp(_state, last.Target, now);
        }
    }

    private FleetState Change(Func<FleetState, FleetState> change)
    {
        lock (_lock)
            return _state = change(_state);
    }
}
