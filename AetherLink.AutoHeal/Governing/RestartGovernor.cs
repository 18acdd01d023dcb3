using System.Collections.Immutable;
using System.Globalization;

namespace AetherLink.AutoHeal.Governing;

/// <summary>
/// Decides whether a target may be restarted. It does no I/O and reads no clock: the same states, sightings and times
/// give the same decisions. A restart is counted by the decision that allows it, so that no caller can forget to.
/// </summary>
/// <remarks>
/// Its time is <see cref="Healing.HealClock"/>'s, which nobody sets. One that goes back makes it more careful, never less: restarts that lie
/// in the future count as recent. Those further ahead than an hour are taken as having happened now.
/// </remarks>
internal sealed class RestartGovernor(GovernorLimits limits)
{
    public GovernorLimits Limits => limits;

    /// <summary>Takes in what a look at the target showed.</summary>
    /// <param name="fleet">The state before.</param>
    /// <param name="name">The target.</param>
    /// <param name="sighting">What was seen.</param>
    /// <param name="now">When.</param>
    /// <param name="watchOnly">Nobody enrolled it.</param>
    public FleetState See(FleetState fleet, string name, Sighting sighting, DateTimeOffset now, bool watchOnly = false)
    {
        fleet = At(fleet, now);
        var target = Find(fleet, name, now);
        if (!target.Watched)
            target = target with { Watched = true, GraceUntil = now + limits.StartUpGrace };
        target = target with { WatchOnly = watchOnly };
        if (target.Healing)
            return fleet.With(target);

        target = sighting.Sign switch
        {
            Sign.Healthy => Answered(Checked(target, true), now),
            Sign.Failing when now < target.GraceUntil => NotYet(target, Condition.Starting),
            Sign.Failing => Failed(Checked(target, false), target.ConsecutiveFailures + 1, now),
            Sign.Dead => Proven(Checked(target, false), Earlier(sighting.Since, now)),
            Sign.Starting => NotYet(target, Condition.Starting) with { GraceUntil = now + limits.StartUpGrace },
            _ => NotYet(target, Condition.Stopped) with { GraceUntil = now + limits.StartUpGrace, FailingSince = null },
        };
        return Brake(fleet.With(target with { Reason = sighting.Reason }));
    }

    /// <summary>May it be restarted now? When yes, the restart is counted and the heal is under way.</summary>
    public (FleetState Fleet, Verdict Verdict) Decide(FleetState fleet, string name, Request request, DateTimeOffset now)
    {
        fleet = At(fleet, now);
        var target = Find(fleet, name, now);
        if (target.Healing)
            return (fleet, new Verdict(Ruling.Leave, Bars.Healing, "A heal is under way.", false));
        if (!request.ByPerson && target.Condition != Condition.Down)
            return (fleet.With(target with { SuppressedBy = null }), new Verdict(Ruling.Leave, null, "It is not down.", false));

        if (!request.Force && BarOf(fleet, target, request, now) is var (bar, why))
        {
            // A person's refused request says nothing about the target.
            if (request.ByPerson)
                return (fleet, new Verdict(Ruling.Suppress, bar, why, false));
            var escalates = bar == Bars.HourlyLimit && !target.Escalated;
            return (fleet.With(target with { SuppressedBy = bar, Escalated = target.Escalated || escalates }),
                new Verdict(Ruling.Suppress, bar, why, bar != target.SuppressedBy) { Escalates = escalates });
        }

        target = target with
        {
            Healing = true,
            SuppressedBy = null,
            HealthySince = null,
            FailingSince = target.FailingSince ?? now,
            Streak = target.Streak + 1,
            Escalated = target.Escalated && !request.ByPerson,
            Checks = default,
            Flapping = false,
            Restarts = target.Restarts.Add(now),
        };
        return (fleet.With(target) with { Restarts = fleet.Restarts.Add(now) },
            new Verdict(Ruling.Restart, null, target.Reason, false));
    }

    /// <summary>The heal has ended, one way or the other.</summary>
    public FleetState Finish(FleetState fleet, string name, bool healthy, DateTimeOffset now)
    {
        var target = Find(fleet, name, now) with { Healing = false, GraceUntil = null };
        target = healthy
            ? Recovered(target, now)
            : Failed(target, Math.Max(limits.FailuresToAct, target.ConsecutiveFailures), now);
        return Brake(At(fleet, now).With(target));
    }

    /// <summary>Counts a restart that this governor did not decide: its own from before it was started, or another replica's.</summary>
    public FleetState Remember(FleetState fleet, string name, DateTimeOffset at, int streak, DateTimeOffset now)
    {
        var target = Find(fleet, name, now);
        var restarts = Inserted(target.Restarts, at);
        var isLast = restarts[^1] == at;
        target = target with
        {
            Restarts = restarts,
            Streak = isLast ? Math.Max(streak, 1) : target.Streak,
            // What was restarted after it had been given up, a person has restarted.
            Escalated = target.Escalated && !isLast,
        };
        return At(fleet with { Restarts = Inserted(fleet.Restarts, at) }, now).With(At(target, now));
    }

    /// <summary>A restart was remembered for a time that was not its own.</summary>
    public FleetState Forget(FleetState fleet, string name, DateTimeOffset at, DateTimeOffset now) =>
        fleet.With(Find(fleet, name, now).Without(at)) with { Restarts = fleet.Restarts.Remove(at) };

    /// <summary>The target was given up after the last restart that it is remembered for. One that is well is not.</summary>
    public FleetState GiveUp(FleetState fleet, string name, DateTimeOffset now)
    {
        var target = Find(fleet, name, now);
        return At(fleet, now).With(target with { Escalated = target.Condition != Condition.Healthy });
    }

    /// <summary>The target is gone: no longer counted as part of the fleet, but its restarts are.</summary>
    public FleetState Unwatch(FleetState fleet, string name, DateTimeOffset now)
    {
        var target = Find(fleet, name, now);
        return Brake(target.Restarts.IsEmpty && !target.Healing
            ? fleet.Without(name)
            : fleet.With(new TargetState(name) { Restarts = target.Restarts, Streak = target.Streak, Healing = target.Healing, Escalated = target.Escalated }));
    }

    /// <summary>The state as it stands at that time, for showing.</summary>
    public FleetState Look(FleetState fleet, DateTimeOffset now) =>
        fleet.Targets.Values.Aggregate(At(fleet, now), (seen, target) => seen.With(At(target, now)));

    private (string Bar, string Why)? BarOf(FleetState fleet, TargetState target, Request request, DateTimeOffset now)
    {
        if (request.Maintenance is { } maintenance)
            return (Bars.Maintenance, $"Under maintenance: {maintenance}");
        if (request.OffDuty is { } offDuty)
            return (Bars.OffDuty, offDuty);
        if (DownDependency(fleet, target) is { } dependency)
            return (Bars.Dependency + dependency, $"It needs {dependency}, which is down.");
        if (fleet.Braked)
            return (Bars.Brake, Text($"{fleet.Down} of {fleet.Counted} targets are down: the cause is elsewhere."));
        // Before the cooldown: once the last restart that is allowed has not helped, no pause will, and a person is not to wait for its end.
        if (target.Restarts.Length >= limits.RestartsPerHour)
            return (Bars.HourlyLimit, Text($"{target.Restarts.Length} restarts in the last hour; {limits.RestartsPerHour} are allowed."));
        if (target.Escalated && !request.ByPerson)
            return (Bars.Escalated, Text($"{limits.RestartsPerHour} restarts in an hour did not help: it waits for a person, or for an hour without one."));
        if (target.CooldownUntil(limits) is { } until && now < until)
            return (Bars.Cooldown, Text($"Cooling down for another {Math.Ceiling((until - now).TotalSeconds):0} s after restart {target.Streak} in a row."));
        if (fleet.Restarts.Length >= limits.FleetRestartsPerHour)
            return (Bars.FleetLimit, Text($"{fleet.Restarts.Length} restarts in the fleet in the last hour; {limits.FleetRestartsPerHour} are allowed."));
        if (target is { Flapping: true, Proven: false } && !request.ByPerson)
            return (Bars.Flapping, Text($"It flaps: {target.Checks.ChangeShare:P0} of its last {CheckHistory.Length} checks ended otherwise than the one before."));
        if ((limits.Observe || limits.Observed.Contains(target.Name)) && !request.ByPerson)
            return (Bars.Observe, "It would be restarted now; it is only observed.");
        return null;
    }

    private string? DownDependency(FleetState fleet, TargetState target) =>
        limits.Dependencies.GetValueOrDefault(target.Name, []).FirstOrDefault(name =>
            fleet.Find(name) is { Watched: true } needed && (needed.Healing || needed.Condition is Condition.Down or Condition.Recovering or Condition.Stopped));

    /// <summary>Whoever has been down has to answer more than once.</summary>
    private TargetState Answered(TargetState target, DateTimeOffset now) =>
        target.Condition is Condition.Down or Condition.Recovering && target.ConsecutiveRecoveries + 1 < limits.RecoveriesToTrust
            ? target with
            {
                Condition = Condition.Recovering,
                ConsecutiveFailures = 0,
                ConsecutiveRecoveries = target.ConsecutiveRecoveries + 1,
                Proven = false,
            }
            : Recovered(target, now);

    /// <summary>Flapping begins at the share, and ends at half of it, so that it does not flap itself.</summary>
    private TargetState Checked(TargetState target, bool passed)
    {
        var checks = target.Checks.With(passed);
        return target with { Checks = checks, Flapping = checks.ChangeShare >= (target.Flapping ? limits.FlapShare / 2 : limits.FlapShare) };
    }

    private TargetState Recovered(TargetState target, DateTimeOffset now)
    {
        var since = target.HealthySince ?? now;
        return target with
        {
            Condition = Condition.Healthy,
            ConsecutiveFailures = 0,
            ConsecutiveRecoveries = 0,
            Proven = false,
            Escalated = false,
            FailingSince = null,
            GraceUntil = null,
            HealthySince = since,
            SuppressedBy = null,
            Streak = now - since >= limits.BackoffReset ? 0 : target.Streak,
        };
    }

    private static TargetState NotYet(TargetState target, Condition condition) =>
        target with { Condition = condition, ConsecutiveFailures = 0, ConsecutiveRecoveries = 0, Proven = false, HealthySince = null, SuppressedBy = null };

    private TargetState Failed(TargetState target, int failures, DateTimeOffset now) => target with
    {
        Condition = failures >= limits.FailuresToAct ? Condition.Down : Condition.Failing,
        ConsecutiveFailures = failures,
        ConsecutiveRecoveries = 0,
        FailingSince = target.FailingSince ?? now,
        HealthySince = null,
    };

    /// <summary>The word of whoever runs it is threshold enough.</summary>
    private TargetState Proven(TargetState target, DateTimeOffset since) =>
        Failed(target, Math.Max(limits.FailuresToAct, target.ConsecutiveFailures + 1), since) with { Proven = true };

    private static DateTimeOffset Earlier(DateTimeOffset? since, DateTimeOffset now) => since < now ? since.Value : now;

    private FleetState Brake(FleetState fleet) =>
        fleet with { Braked = fleet.Down >= limits.BrakeAtLeast && fleet.Down > limits.BrakeShare * fleet.Counted };

    private TargetState Find(FleetState fleet, string name, DateTimeOffset now) =>
        fleet.Find(name) is { } known ? At(known, now) : new TargetState(name);

    /// <summary>Forgets what is older than an hour, and pulls back what a wrong clock put into the future.</summary>
    private TargetState At(TargetState target, DateTimeOffset now) => target with
    {
        Restarts = Recent(target.Restarts, now),
        // An hour without a restart is a new beginning.
        Escalated = target.Escalated && target.Restarts.Any(at => at > now - GovernorLimits.Hour),
        GraceUntil = target.GraceUntil > now + limits.StartUpGrace ? now + limits.StartUpGrace : target.GraceUntil,
        HealthySince = target.HealthySince > now ? now : target.HealthySince,
        FailingSince = target.FailingSince > now ? now : target.FailingSince,
    };

    private static FleetState At(FleetState fleet, DateTimeOffset now) => fleet with { Restarts = Recent(fleet.Restarts, now) };

    private static ImmutableArray<DateTimeOffset> Recent(ImmutableArray<DateTimeOffset> restarts, DateTimeOffset now)
    {
        if (restarts.All(at => at > now - GovernorLimits.Hour && at <= now + GovernorLimits.Hour))
            return restarts;
        return [.. restarts
            .Where(at => at > now - GovernorLimits.Hour)
            .Select(at => at > now + GovernorLimits.Hour ? now : at)
            .Order()];
    }

    private static ImmutableArray<DateTimeOffset> Inserted(ImmutableArray<DateTimeOffset> restarts, DateTimeOffset at) =>
        [.. restarts.Add(at).Order()];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
