using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.Healing;
using AetherLink.AutoHeal.History;
using AetherLink.AutoHeal.Settings;
using AetherLink.AutoHeal.Watching;
using AetherLink.AutoHeal.Watching.Containers;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AetherLink.AutoHeal.Control;

/// <summary>What the healer watches, how that is, and why it leaves a target alone.</summary>
internal static class StatusApi
{
    /// <summary>The attempts of the last report: as many as a person takes in at a glance.</summary>
    private const int Attempts = 10;

    public static void MapStatus(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health", Health)
            .WithName("GetHealth").WithSummary("The healer is up, with or without Postgres.").WithTags("service")
            .AsProbe();
        app.MapGet("/autoheal/status", StatusAsync)
            .WithName("GetHealStatus").WithSummary("What is watched, and why a target is left alone.").WithTags("status")
            .RequireAuthorization(Policies.ReadHeals);
    }

    private static Ok<HealerHealth> Health(ServiceIdentity identity, HealLedger ledger, Enforcement enforcement) => TypedResults.Ok(
        new HealerHealth(enforcement.IsOn ? "up" : "degraded", identity.Name, identity.Version, ledger.IsPresent ? "postgres" : "journal"));

    private static async Task<Ok<HealerStatus>> StatusAsync(
        HealSettings settings, WatchList list, Fleet fleet, Healer healer, HealLedger ledger, WatchReport report, EngineState engine, HealClock clock,
        CancellationToken cancellationToken)
    {
        var (heals, _) = await ledger.ReadAsync(
            (store, time) => store.NewestAsync(Attempts, time),
            journal => ([.. journal.Take(Attempts)], journal.Count),
            cancellationToken);
        var state = fleet.State;
        return TypedResults.Ok(new HealerStatus(
            [.. list.All.Select(target => target.Name)],
            settings.Interval.TotalSeconds,
            new LastReport(report.LastRun, [.. heals.Select(HealEntry.Of)]),
            [.. list.All.Select(target => TargetStatus.Of(target, state.Find(target.Name), healer.Foresee(target, Request.Automatic), settings.Limits, clock))],
            new FleetStatus(state.Braked, state.Down, state.Counted, state.Restarts.Length, settings.Limits.FleetRestartsPerHour),
            engine.Status,
            LimitsStatus.Of(settings.Limits)));
    }
}

/// <param name="Status">up: it heals also without Postgres; degraded while RBAC_ENABLED is false.</param>
/// <param name="Service">auto-heal.</param>
/// <param name="Version">The version of the product.</param>
/// <param name="Storage">Where heals go at the moment: postgres or journal.</param>
internal sealed record HealerHealth(string Status, string Service, string Version, string Storage);

internal sealed record HealerStatus(
    IReadOnlyList<string> Watching, double IntervalSeconds, LastReport LastReport, IReadOnlyList<TargetStatus> Targets, FleetStatus Fleet,
    EngineStatus Engine, LimitsStatus Limits);

internal sealed record LastReport(DateTimeOffset? LastRun, IReadOnlyList<HealEntry> Attempts);

/// <param name="Braked">Too much is down at once: nothing is restarted.</param>
/// <param name="Down">Targets that are down.</param>
/// <param name="Counted">Targets that are watched and not stopped by a person.</param>
/// <param name="RestartsLastHour">Restarts in the last hour.</param>
/// <param name="RestartsPerHour">Restarts that are allowed in an hour.</param>
internal sealed record FleetStatus(bool Braked, int Down, int Counted, int RestartsLastHour, int RestartsPerHour);

/// <param name="Name">The target.</param>
/// <param name="Kind">service or container.</param>
/// <param name="State">starting, healthy, failing, down, recovering, stopped, healing, flapping or escalated.</param>
/// <param name="Reason">Why it is in that state.</param>
/// <param name="ConsecutiveFailures">Failed probes in a row.</param>
/// <param name="RestartsLastHour">Restarts in the last hour, also those by hand.</param>
/// <param name="CooldownUntil">No restart before then; null when it is over.</param>
/// <param name="SuppressedBy">The limit that holds back the restart it needs.</param>
/// <param name="Would">What would happen to it now: restart, nothing or hold_back.</param>
/// <param name="Why">Why that, with the figures.</param>
/// <param name="Enrolled">It may be restarted; what is only known to the Command Center is watched.</param>
/// <param name="RestartsPerHour">Restarts that it is allowed in an hour.</param>
/// <param name="RestartsInARow">Restarts that the backoff grows with; ten healthy minutes start it over.</param>
/// <param name="CooldownSeconds">How long the pause after its last restart is; null when nothing is remembered of one.</param>
/// <param name="NextCooldownSeconds">How long the pause after its next restart will be, if it comes in the same row.</param>
internal sealed record TargetStatus(
    string Name, string Kind, string State, string Reason, int ConsecutiveFailures, int RestartsLastHour,
    DateTimeOffset? CooldownUntil, string? SuppressedBy, string Would, string Why, bool Enrolled,
    int RestartsPerHour, int RestartsInARow, double? CooldownSeconds, double NextCooldownSeconds)
{
    public static TargetStatus Of(HealTarget target, TargetState? state, Verdict next, GovernorLimits limits, HealClock clock)
    {
        state ??= new TargetState(target.Name);
        return new TargetStatus(
            target.Name,
            target.Kind,
            state.Word,
            state.Reason,
            state.ConsecutiveFailures,
            state.Restarts.Length,
            state.CooldownUntil(limits) is { } until && until > clock.Now ? clock.ToShared(until) : null,
            next.Ruling == Ruling.Suppress && target.WhyNot is not null ? next.Bar : state.SuppressedBy,
            next.Ruling switch { Ruling.Restart => "restart", Ruling.Suppress => "hold_back", _ => "nothing" },
            next.Why,
            target.IsEnrolled,
            limits.RestartsPerHour,
            state.Streak,
            state.Restarts.IsEmpty ? null : limits.CooldownAfter(state.Streak).TotalSeconds,
            limits.CooldownAfter(state.Streak + 1).TotalSeconds);
    }
}
