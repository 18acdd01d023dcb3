using AetherLink.AutoHeal.Governing;

namespace AetherLink.Tests.AutoHeal;

/// <summary>A governor, its state and a clock, so that a test reads as a story.</summary>
internal sealed class GovernedFleet(GovernorLimits limits, DateTimeOffset now)
{
    private readonly RestartGovernor _governor = new(limits);

    public FleetState State { get; private set; } = FleetState.Empty;

    public DateTimeOffset Now { get; private set; } = now;

    public TargetState this[string name] => State.Find(name)!;

    public GovernedFleet See(string name, Sign sign)
    {
        State = _governor.See(State, name, new Sighting(sign, sign.ToString()), Now);
        return this;
    }

    public Verdict Decide(string name, Request? request = null)
    {
        (State, var verdict) = _governor.Decide(State, name, request ?? Request.Automatic, Now);
        return verdict;
    }

    public void Finish(string name, bool healthy) => State = _governor.Finish(State, name, healthy, Now);

    public void Remember(string name, DateTimeOffset at, int streak) =>
        State = _governor.Remember(State, name, at, streak, Now);

    public void Unwatch(string name) => State = _governor.Unwatch(State, name, Now);

    public GovernedFleet Wait(TimeSpan time)
    {
        Now += time;
        return this;
    }
}
