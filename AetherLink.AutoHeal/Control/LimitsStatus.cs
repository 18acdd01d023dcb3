using AetherLink.AutoHeal.Governing;

namespace AetherLink.AutoHeal.Control;

/// <summary>The numbers that the governor holds to.</summary>
/// <param name="Mode">heal, or observe: everything is judged, and nothing restarted.</param>
/// <param name="Failures">Failed probes in a row before a restart.</param>
/// <param name="GraceSeconds">How long failures do not count while a target starts.</param>
/// <param name="CooldownSeconds">The pause after the first restart in a row.</param>
/// <param name="BackoffFactor">By how much it grows with each further one.</param>
/// <param name="LongestCooldownSeconds">Where it stops growing.</param>
/// <param name="BackoffResetSeconds">How long a target stays healthy before it starts over.</param>
/// <param name="RestartsPerHour">Restarts of one target in any hour.</param>
/// <param name="FleetRestartsPerHour">Restarts of all in any hour.</param>
/// <param name="BrakePercent">With more than this share of the fleet down,</param>
/// <param name="BrakeMinimum">and at least this many, nothing is restarted.</param>
internal sealed record LimitsStatus(
    string Mode, int Failures, double GraceSeconds, double CooldownSeconds, double BackoffFactor, double LongestCooldownSeconds, double BackoffResetSeconds,
    int RestartsPerHour, int FleetRestartsPerHour, double BrakePercent, int BrakeMinimum)
{
    public static LimitsStatus Of(GovernorLimits limits) => new(
        limits.Observe ? "observe" : "heal",
        limits.FailuresToAct,
        limits.StartUpGrace.TotalSeconds,
        limits.Cooldown.TotalSeconds,
        limits.BackoffFactor,
        limits.LongestCooldown.TotalSeconds,
        limits.BackoffReset.TotalSeconds,
        limits.RestartsPerHour,
        limits.FleetRestartsPerHour,
        Math.Round(limits.BrakeShare * 100, 3),
        limits.BrakeAtLeast);
}
