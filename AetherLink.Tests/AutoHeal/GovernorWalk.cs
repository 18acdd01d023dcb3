using System.Collections.Immutable;
using AetherLink.AutoHeal.Governing;

namespace AetherLink.Tests.AutoHeal;

/// <summary>
/// Walks every interleaving of what can happen to two targets, to a bounded depth, and holds the governor against an
/// oracle that only knows when restarts really happened.
/// </summary>
internal sealed class GovernorWalk(GovernorLimits limits)
{
    private static readonly string[] Names = ["a", "b"];
    private static readonly Sign[] Signs = Enum.GetValues<Sign>();
    private readonly RestartGovernor _governor = new(limits);

    public HashSet<string> BarsMet { get; } = [];

    public int Restarts { get; private set; }

    public int MostForATarget { get; private set; }

    public int MostForTheFleet { get; private set; }

    /// <param name="Fleet">The governor's state.</param>
    /// <param name="Clock">What the healer's clock says; it may be set back.</param>
    /// <param name="Real">The time that really passed.</param>
    /// <param name="Happened">Every restart of the last real hour, by whom it hit and when.</param>
    private sealed record Moment(
        FleetState Fleet, DateTimeOffset Clock, TimeSpan Real, ImmutableList<(string Name, TimeSpan At, DateTimeOffset Clock, int Streak)> Happened);

    public int Walk(int depth)
    {
        var start = new Moment(FleetState.Empty, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeSpan.Zero, []);
        var seen = new HashSet<UInt128> { Key(start) };
        var frontier = new List<Moment> { start };
        for (var level = 1; level < depth; level++)
        {
            var next = new List<Moment>();
            foreach (var moment in frontier.SelectMany(Next).Where(moment => seen.Add(Key(moment))))
                next.Add(moment);
            frontier = next;
        }

        // Only a sighting can lead to a restart, so the last step needs no other, and nobody goes on from where it leads to.
        var last = frontier.Sum(moment => Names.Sum(name => Signs.Count(sign => Seen(moment, name, sign) is not null)));
        return seen.Count + last;
    }

    private IEnumerable<Moment> Next(Moment moment)
    {
        foreach (var name in Names)
        {
            if (moment.Fleet.Find(name) is { Healing: true })
            {
                yield return moment with { Fleet = _governor.Finish(moment.Fleet, name, true, moment.Clock) };
                yield return moment with { Fleet = _governor.Finish(moment.Fleet, name, false, moment.Clock) };
            }

            foreach (var sign in Signs)
                yield return Seen(moment, name, sign);
            yield return moment with { Fleet = _governor.Unwatch(moment.Fleet, name, moment.Clock) };
        }

        yield return Restarted(moment);
        yield return Later(moment, TimeSpan.FromMinutes(10));
        yield return Later(moment, TimeSpan.FromMinutes(30));
        yield return moment with { Clock = moment.Clock - TimeSpan.FromMinutes(20) };
    }

    private Moment Seen(Moment moment, string name, Sign sign)
    {
        var fleet = _governor.See(moment.Fleet, name, new Sighting(sign, ""), moment.Clock);
        (fleet, var verdict) = _governor.Decide(fleet, name, Request.Automatic, moment.Clock);
        if (verdict.Bar is { } bar)
            BarsMet.Add(bar);
        if (verdict.Ruling != Ruling.Restart)
            return moment with { Fleet = fleet };

        Assert.True(sign is Sign.Failing or Sign.Dead, $"restarted after {sign}");
        Assert.False(moment.Fleet.Find(name)?.Healing ?? false, "two heals at once");
        var happened = moment.Happened.Add((name, moment.Real, moment.Clock, fleet.Find(name)!.Streak));
        Restarts++;
        MostForATarget = Math.Max(MostForATarget, happened.Count(restart => restart.Name == name));
        MostForTheFleet = Math.Max(MostForTheFleet, happened.Count);
        return moment with { Fleet = fleet, Happened = happened };
    }

    /// <summary>The healer is killed and comes back with what the history holds.</summary>
    private Moment Restarted(Moment moment) => moment with
    {
        Fleet = moment.Happened.Aggregate(FleetState.Empty, (fleet, restart) =>
            _governor.Remember(fleet, restart.Name, restart.Clock, restart.Streak, moment.Clock)),
    };

    private static Moment Later(Moment moment, TimeSpan time)
    {
        var real = moment.Real + time;
        return moment with
        {
            Clock = moment.Clock + time,
            Real = real,
            Happened = moment.Happened.RemoveAll(restart => restart.At <= real - GovernorLimits.Hour),
        };
    }

    /// <summary>
    /// Two moments are the same when everything relative to now is: minutes ago, not times of day. The history of checks is not part
    /// of it: flapping needs more of them than the walk is deep.
    /// </summary>
    private UInt128 Key(Moment moment)
    {
        var key = new Mixture();
        void Time(DateTimeOffset? at) => key.Add(at is { } time ? (long)(time - moment.Clock).TotalMinutes : long.MinValue);
        foreach (var target in moment.Fleet.Targets.Values)
        {
            key.Add(target.Name[0]);
            key.Add((int)target.Condition | (target.Watched ? 16 : 0) | (target.Healing ? 32 : 0) | (target.Escalated ? 64 : 0) | (target.Proven ? 128 : 0));
            key.Add(Math.Min(target.ConsecutiveFailures, limits.FailuresToAct));
            key.Add(Math.Min(target.ConsecutiveRecoveries, limits.RecoveriesToTrust));
            key.Add(target.Streak);
            Time(target.GraceUntil > moment.Clock ? target.GraceUntil : null);
            Time(moment.Clock - target.HealthySince >= limits.BackoffReset ? moment.Clock - limits.BackoffReset : target.HealthySince);
            foreach (var restart in target.Restarts.Where(at => at > moment.Clock - GovernorLimits.Hour))
                Time(restart);
            key.Add(-1);
        }

        foreach (var restart in moment.Fleet.Restarts.Where(at => at > moment.Clock - GovernorLimits.Hour))
            Time(restart);
        foreach (var restart in moment.Happened)
        {
            key.Add(restart.Name[0]);
            key.Add((long)(restart.At - moment.Real).TotalMinutes);
            key.Add(restart.Streak);
        }

        return key.Value;
    }

    /// <summary>128 bits of all numbers in their order, by two multipliers of splitmix64: a million states collide once in 10^26 walks.</summary>
    private struct Mixture
    {
        private ulong _one = 0x9e3779b97f4a7c15;
        private ulong _other = 0xd1b54a32d192ed03;

        public Mixture()
        {
        }

        public readonly UInt128 Value => new(_one, _other);

        public void Add(long number)
        {
            _one = Mixed(_one ^ (ulong)number, 0xbf58476d1ce4e5b9);
            _other = Mixed(_other + (ulong)number, 0x94d049bb133111eb);
        }

        private static ulong Mixed(ulong value, ulong by)
        {
            value = (value ^ (value >> 30)) * by;
            return value ^ (value >> 27) ^ (value << 31);
        }
    }
}
