using System.Collections.Immutable;
using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.Healing;
using AetherLink.Tests.ServiceDefaults;

namespace AetherLink.Tests.AutoHeal;

/// <summary>
/// Walks every interleaving of what can happen to its targets, to a bounded depth, and holds the governor against an
/// oracle that only knows when restarts really happened, and what was given up. An event that comes twice is a sighting that
/// comes twice; an engine that was lost takes its targets away, and its events come again with it.
/// </summary>
internal sealed class GovernorWalk(GovernorLimits limits, params string[] names)
{
    private static readonly Sign[] Signs = Enum.GetValues<Sign>();

    /// <summary>More than the hour that restarts are remembered for.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(90);

    private readonly RestartGovernor _governor = new(limits);
    private readonly TimeSpan _followed = Followed(Ahead);
    private bool _withChecks;

    public HashSet<string> BarsMet { get; } = [];

    public int Restarts { get; private set; }

    public int MostForATarget { get; private set; }

    public int MostForTheFleet { get; private set; }

    /// <param name="Fleet">The governor's state.</param>
    /// <param name="Clock">The governor's time; it may go back.</param>
    /// <param name="Real">The time that really passed, which is Postgres'.</param>
    /// <param name="Happened">Every restart of the last real hour, by whom it hit and when.</param>
    private sealed record Moment(
        FleetState Fleet, DateTimeOffset Clock, TimeSpan Real, ImmutableList<(string Name, TimeSpan At, int Streak)> Happened)
    {
        /// <summary>The machine's clock, set back and ahead: the governor's time begins at it when the healer is started, and is its own from then on.</summary>
        public DateTimeOffset Machine { get; init; } = Clock;

        /// <summary>What is a person's, and when it was last restarted.</summary>
        public ImmutableSortedDictionary<string, DateTimeOffset> GivenUp { get; init; } = ImmutableSortedDictionary<string, DateTimeOffset>.Empty;

        public bool IsMaintained { get; init; }

        /// <summary>Postgres is away, and it is another replica's to act.</summary>
        public bool IsOffDuty { get; init; }
    }

    /// <summary>One target alone: what a person does to it is walked, too.</summary>
    private bool IsAlone => names.Length == 1;

    /// <param name="depth">How many things happen.</param>
    /// <param name="before">What was seen of the first target before it begins, one minute apart.</param>
    public int Walk(int depth, params Sign[] before)
    {
        var start = new Moment(FleetState.Empty, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeSpan.Zero, []);
        foreach (var sign in before)
            start = Later(start with { Fleet = _governor.See(start.Fleet, names[0], new Sighting(sign, ""), start.Clock) }, TimeSpan.FromMinutes(1));
        _withChecks = before.Length > 0;
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
        var last = frontier.Sum(moment => names.Sum(name => Signs.Count(sign => Seen(moment, name, sign) is not null)));
        return seen.Count + last;
    }

    private IEnumerable<Moment> Next(Moment moment)
    {
        foreach (var name in names)
        {
            if (moment.Fleet.Find(name) is { Healing: true })
            {
                yield return moment with { Fleet = _governor.Finish(moment.Fleet, name, true, moment.Clock) };
                yield return moment with { Fleet = _governor.Finish(moment.Fleet, name, false, moment.Clock) };
            }

            foreach (var sign in Signs)
                yield return Seen(moment, name, sign);
            yield return moment with { Fleet = _governor.Unwatch(moment.Fleet, name, moment.Clock) };
            if (IsAlone)
                yield return Asked(moment, name);
        }

        if (IsAlone)
        {
            yield return moment with { IsMaintained = !moment.IsMaintained };
            yield return moment with { IsOffDuty = !moment.IsOffDuty };
        }

        yield return Killed(moment);
        yield return Later(moment, TimeSpan.FromMinutes(10));
        yield return Later(moment, TimeSpan.FromMinutes(30));
        yield return Earlier(moment, TimeSpan.FromMinutes(20));
        // The machine's clock is set ahead, and the healer's own follows it or does not. Where it does not, this is a moment that is known, and
        // whatever happens until the healer is killed makes no difference: the last of these is that kill.
        yield return moment with { Clock = moment.Clock + _followed, Machine = moment.Machine + _followed };
        yield return Killed(moment with { Machine = moment.Machine + Ahead });
    }

    private Moment Seen(Moment moment, string name, Sign sign)
    {
        var fleet = _governor.See(moment.Fleet, name, new Sighting(sign, ""), moment.Clock);
        if (fleet.Find(name) is { Condition: Condition.Healthy })
            moment = moment with { GivenUp = moment.GivenUp.Remove(name) };
        (fleet, var verdict) = _governor.Decide(fleet, name, With(moment, Request.Automatic), moment.Clock);
        if (verdict.Bar is { } bar)
            BarsMet.Add(bar);
        if (verdict.Escalates)
        {
            Assert.False(moment.GivenUp.ContainsKey(name), "given up twice");
            moment = moment with { GivenUp = moment.GivenUp.SetItem(name, fleet.Find(name)!.Restarts[^1]) };
        }

        if (verdict.Ruling != Ruling.Restart)
            return moment with { Fleet = fleet };

        Assert.True(sign is Sign.Failing or Sign.Dead, $"restarted after {sign}");
        Assert.False(moment.GivenUp.ContainsKey(name), "restarted although it was given up");
        return Restarted(moment, fleet, name);
    }

    /// <summary>A person asks for a restart, and does not force it.</summary>
    private Moment Asked(Moment moment, string name)
    {
        var (fleet, verdict) = _governor.Decide(moment.Fleet, name, With(moment, new Request { ByPerson = true }), moment.Clock);
        return verdict.Ruling == Ruling.Restart
            ? Restarted(moment with { GivenUp = moment.GivenUp.Remove(name) }, fleet, name)
            : moment with { Fleet = fleet };
    }

    private static Request With(Moment moment, Request request) =>
        request with { Maintenance = moment.IsMaintained ? "moving" : null, OffDuty = moment.IsOffDuty ? "another's" : null };

    private Moment Restarted(Moment moment, FleetState fleet, string name)
    {
        Assert.False(moment.Fleet.Find(name)?.Healing ?? false, "two heals at once");
        Assert.False(moment.IsMaintained, "restarted under maintenance");
        Assert.False(moment.IsOffDuty, "restarted beside who is on duty");
        var happened = moment.Happened.Add((name, moment.Real, fleet.Find(name)!.Streak));
        Restarts++;
        MostForATarget = Math.Max(MostForATarget, happened.Count(restart => restart.Name == name));
        MostForTheFleet = Math.Max(MostForTheFleet, happened.Count);
        return moment with { Fleet = fleet, Happened = happened };
    }

    /// <summary>The healer is killed and comes back with what the history holds, each as long ago as Postgres' clock says.</summary>
    private Moment Killed(Moment moment)
    {
        var clock = moment.Machine;
        DateTimeOffset Dated(TimeSpan at) => clock - (moment.Real - at);
        var given = moment.GivenUp.Keys.Where(name => moment.Happened.Any(restart => restart.Name == name))
            .ToImmutableSortedDictionary(name => name, name => Dated(moment.Happened.Last(restart => restart.Name == name).At));
        var fleet = moment.Happened.Aggregate(
            FleetState.Empty, (fleet, restart) => _governor.Remember(fleet, restart.Name, Dated(restart.At), restart.Streak, clock));
        return moment with { Clock = clock, Fleet = given.Keys.Aggregate(fleet, (fleet, name) => _governor.GiveUp(fleet, name, clock)), GivenUp = given };
    }

    /// <summary>By how much the healer's clock goes ahead when the machine's is set.</summary>
    private static TimeSpan Followed(TimeSpan by)
    {
        var machine = new SetClock();
        var healers = new HealClock(machine);
        var before = healers.Now;
        machine.Set(by);
        return healers.Now - before;
    }

    /// <summary>The time goes back, as where a healer is restarted after its machine's clock was, and Postgres is away. What lies more than an hour ahead then came from a wrong one, and is as good as now.</summary>
    private static Moment Earlier(Moment moment, TimeSpan time)
    {
        var clock = moment.Clock - time;
        return moment with
        {
            Clock = clock,
            Machine = clock,
            GivenUp = moment.GivenUp.SetItems(moment.GivenUp.Where(given => given.Value > clock + GovernorLimits.Hour).Select(given => KeyValuePair.Create(given.Key, clock))),
        };
    }

    private static Moment Later(Moment moment, TimeSpan time)
    {
        var real = moment.Real + time;
        return moment with
        {
            Clock = moment.Clock + time,
            Machine = moment.Machine + time,
            Real = real,
            Happened = moment.Happened.RemoveAll(restart => restart.At <= real - GovernorLimits.Hour),
            // An hour without a restart is a new beginning.
            GivenUp = moment.GivenUp.RemoveRange(moment.GivenUp.Where(given => given.Value <= moment.Clock + time - GovernorLimits.Hour).Select(given => given.Key)),
        };
    }

    /// <summary>
    /// Two moments are the same when everything relative to now is: minutes ago, not times of day. The history of checks is not part
    /// of it where the walk begins with none: flapping needs more of them than it is deep.
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
            if (_withChecks)
                key.Add(HashCode.Combine(target.Checks, target.Flapping));
            Time(target.GraceUntil > moment.Clock ? target.GraceUntil : null);
            Time(moment.Clock - target.HealthySince >= limits.BackoffReset ? moment.Clock - limits.BackoffReset : target.HealthySince);
            foreach (var restart in target.Restarts.Where(at => at > moment.Clock - GovernorLimits.Hour))
                Time(restart);
            key.Add(-1);
        }

        key.Add((moment.IsMaintained ? 1 : 0) | (moment.IsOffDuty ? 2 : 0));
        foreach (var given in moment.GivenUp)
            Time(given.Value);
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
}
