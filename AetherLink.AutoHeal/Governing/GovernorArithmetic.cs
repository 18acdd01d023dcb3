using System.Globalization;

namespace AetherLink.AutoHeal.Governing;

/// <summary>
/// Finds limits that can never act. Two limits that look careful side by side may cancel each other out: a cooldown of
/// 20 minutes admits three restarts an hour by itself, and an hourly limit of three beside it is decoration.
/// </summary>
internal static class GovernorArithmetic
{
    public static IEnumerable<string> Faults(GovernorLimits limits)
    {
        if (limits.FailuresToAct < 1)
            yield return Invariant($"AUTOHEAL_FAILURES={limits.FailuresToAct}: nothing is restarted without a failure; set 1 or more.");
        if (limits.Confirmations < 0)
            yield return Invariant($"AUTOHEAL_CONFIRMATIONS={limits.Confirmations} is negative; set 0 or more.");
        if (limits.RecoveriesToTrust < 1)
            yield return Invariant($"AUTOHEAL_RECOVERIES={limits.RecoveriesToTrust}: nothing is trusted again without an answer; set 1 or more.");
        if (limits.FlapShare is not (> 0 and <= 1))
            yield return Invariant($"AUTOHEAL_FLAP_PERCENT={limits.FlapShare * 100}: of {CheckHistory.Length} checks at most 100 % differ from the one before; set 1 to 100.");
        if (CycleIn(limits) is { } cycle)
            yield return $"AUTOHEAL_DEPENDENCIES goes round in a circle ({cycle}): once all of them are down, each waits for the next, and none is ever restarted.";
        if (limits.StartUpGrace < TimeSpan.Zero)
            yield return "AUTOHEAL_GRACE_SECONDS is negative; set 0 or more.";
        if (limits.RestartsPerHour < 1)
            yield return Invariant($"AUTOHEAL_HOURLY_LIMIT={limits.RestartsPerHour}: nothing would ever be healed; set 1 or more.");
        if (limits.BackoffFactor is not (>= 1 and <= 10))
            yield return Invariant($"AUTOHEAL_BACKOFF_FACTOR={limits.BackoffFactor}: a pause must not shrink; set 1 to 10.");
        if (limits.Cooldown <= TimeSpan.Zero)
            yield return "AUTOHEAL_COOLDOWN_SECONDS must be more than 0: without a pause, backoff has nothing to grow from.";
        if (limits.LongestCooldown < limits.Cooldown)
        {
            yield return Invariant($"AUTOHEAL_COOLDOWN_MAX_SECONDS={limits.LongestCooldown.TotalSeconds} is below ") +
                Invariant($"AUTOHEAL_COOLDOWN_SECONDS={limits.Cooldown.TotalSeconds}: the cooldown would never act as set.");
        }

        if (limits.BackoffFactor == 1 && limits.LongestCooldown > limits.Cooldown)
        {
            yield return Invariant($"AUTOHEAL_BACKOFF_FACTOR=1 keeps each pause at {limits.Cooldown.TotalSeconds} s (AUTOHEAL_COOLDOWN_SECONDS), so ") +
                Invariant($"AUTOHEAL_COOLDOWN_MAX_SECONDS={limits.LongestCooldown.TotalSeconds} can never act; leave it out, or set the factor above 1.");
        }

        if (limits.LongestCooldown > GovernorLimits.Hour)
            yield return Invariant($"AUTOHEAL_COOLDOWN_MAX_SECONDS={limits.LongestCooldown.TotalSeconds}: restarts are remembered for 3600 s; set 3600 or less.");
        if (limits.BrakeShare is not (> 0 and < 1))
            yield return Invariant($"AUTOHEAL_BRAKE_PERCENT={limits.BrakeShare * 100}: more than 100 % of a fleet is never down; set 1 to 99.");
        if (limits.BrakeAtLeast < 1)
            yield return Invariant($"AUTOHEAL_BRAKE_MINIMUM={limits.BrakeAtLeast}: set 1 or more.");
        if (limits.FleetRestartsPerHour < limits.RestartsPerHour)
        {
            yield return Invariant($"AUTOHEAL_FLEET_HOURLY_LIMIT={limits.FleetRestartsPerHour} is below ") +
                Invariant($"AUTOHEAL_HOURLY_LIMIT={limits.RestartsPerHour}: the fleet's limit always acts first, a target's never.");
        }

        if (limits.Cooldown > TimeSpan.Zero && limits.BackoffFactor >= 1 && limits.RestartsPerHour >= 1 &&
            MostRestartsByCooldown(limits, limits.RestartsPerHour + 1) is var most && most <= limits.RestartsPerHour)
        {
            yield return
                Invariant($"AUTOHEAL_COOLDOWN_SECONDS={limits.Cooldown.TotalSeconds} with factor {limits.BackoffFactor} admits at most ") +
                Invariant($"{most} restarts in 3600 s by itself, so AUTOHEAL_HOURLY_LIMIT={limits.RestartsPerHour} can never act. ") +
                (most > 1 ? Invariant($"Set the limit to {most - 1} or less, or the cooldown shorter.") : "Set the cooldown shorter.");
        }
    }

    /// <summary>
    /// The most restarts that fit into an hour when only the cooldown holds them back, counting no further than
    /// <paramref name="enough"/>. After each restart the target either fails again as soon as the pause is over (the
    /// pause grows), or stays healthy until the backoff starts over; every mixture of the two is tried.
    /// </summary>
    internal static int MostRestartsByCooldown(GovernorLimits limits, int enough) =>
        1 + Further(limits, GovernorLimits.Hour, 1, enough - 1);

    private static int Further(GovernorLimits limits, TimeSpan left, int streak, int enough)
    {
        if (enough <= 0)
            return 0;
        var pause = limits.CooldownAfter(streak);
        var best = pause < left ? 1 + Further(limits, left - pause, streak + 1, enough - 1) : 0;
        if (best >= enough)
            return best;
        var untilReset = pause > limits.BackoffReset ? pause : limits.BackoffReset;
        return untilReset < left ? Math.Max(best, 1 + Further(limits, left - untilReset, 1, enough - 1)) : best;
    }

    private static string? CycleIn(GovernorLimits limits)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        return limits.Dependencies.Keys.Order(StringComparer.Ordinal).Select(name => From(name, [])).FirstOrDefault(found => found is not null);

        string? From(string name, List<string> path)
        {
            if (path.IndexOf(name) is >= 0 and var start)
                return string.Join(" -> ", [.. path.Skip(start), name]);
            if (!done.Add(name))
                return null;
            path.Add(name);
            var found = limits.Dependencies.GetValueOrDefault(name, []).Select(need => From(need, path)).FirstOrDefault(cycle => cycle is not null);
            path.RemoveAt(path.Count - 1);
            return found;
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
