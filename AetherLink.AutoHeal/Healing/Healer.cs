using System.Diagnostics;
using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.History;
using AetherLink.AutoHeal.Maintenance;
using AetherLink.AutoHeal.Settings;
using AetherLink.AutoHeal.Watching;
using AetherLink.ServiceDefaults;

namespace AetherLink.AutoHeal.Healing;

/// <summary>Carries a heal through: ask the governor, write it down, restart, verify, tell.</summary>
internal sealed class Healer(
    Fleet fleet, HealLedger ledger, MaintenanceWindows windows, HealNews news, HealSettings settings, ServiceIdentity identity,
    TimeProvider clock, ILogger<Healer> logger)
{
    internal static readonly ActivitySource Activities = new("AetherLink.AutoHeal");

    /// <summary>Long enough for a dropped connection to be another one, short against the outage of a target that is down.</summary>
    private static readonly TimeSpan ConfirmInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>How often a restarted target is asked whether it is well: a person is waiting.</summary>
    private static readonly TimeSpan VerifyInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Takes in a look at a target, and heals it if it must and may.</summary>
    public async Task ConsiderAsync(HealTarget target, Sighting sighting, CancellationToken stopping)
    {
        See(target, sighting);
        await ConsiderAsync(target, stopping);
    }

    /// <summary>Takes in a look at a target, and does nothing about it yet.</summary>
    public void See(HealTarget target, Sighting sighting)
    {
        var (before, fleetNow) = fleet.See(target.Name, sighting, !target.IsEnrolled);
        news.Braked(fleetNow);
        // By itself, or by somebody else: a heal has told of its end already.
        if (before is { Healing: false, Condition: Condition.Down or Condition.Recovering, FailingSince: { } since } &&
            fleetNow.Find(target.Name) is { Condition: Condition.Healthy })
            news.Recovered(target, since, clock.GetUtcNow());
        if (before is { Escalated: true } && fleetNow.Find(target.Name) is { Escalated: false, Condition: Condition.Healthy })
            ledger.TakeBack(target.Name);
    }

    /// <summary>What would happen to the target now, and why; nothing comes of asking.</summary>
    public Verdict Foresee(HealTarget target, Request request) => target.WhyNot is { } why
        ? new Verdict(fleet.Find(target.Name)?.Condition == Condition.Down ? Ruling.Suppress : Ruling.Leave, target.IsEnrolled ? Bars.NoControl : Bars.NotEnrolled, why, false)
        : fleet.Ask(target.Name, request with { Maintenance = windows.ReasonFor(target.Name) });

    /// <summary>Heals the target if it must and may, by what is known of it.</summary>
    public async Task ConsiderAsync(HealTarget target, CancellationToken stopping)
    {
        if (target.WhyNot is not null)
            return;
        var request = Request.Automatic with { Maintenance = windows.ReasonFor(target.Name) };
        await ConfirmAsync(target, request, stopping);
        // A look decides most cases; the ledger is asked when something is to be done, and written down.
        var (verdict, heal) = fleet.Ask(target.Name, request) is { Ruling: Ruling.Restart } or { Escalates: true }
            ? await DecideAsync(target, request, Because.OfItself, stopping)
            : (fleet.Leave(target.Name, request), null);
        if (heal is not null)
            await HealAsync(target, heal, stopping);
        else if (verdict is { Ruling: Ruling.Suppress, News: true })
            news.Suppressed(target, verdict, fleet.Find(target.Name));
        if (verdict is { Escalates: true })
            news.Escalated(target, verdict, fleet.Find(target.Name));
    }

    /// <summary>Looks again, before a restart for failed probes alone: what answers in between is not down.</summary>
    private async Task ConfirmAsync(HealTarget target, Request request, CancellationToken stopping)
    {
        for (var left = settings.Limits.Confirmations; left > 0; left--)
        {
            if (fleet.Find(target.Name) is not { Proven: false } || fleet.Ask(target.Name, request).Ruling != Ruling.Restart)
                return;
            await Task.Delay(ConfirmInterval, clock, stopping);
            See(target, await target.LookAsync(stopping));
        }
    }

    /// <summary>A person wants it. The heal goes on by itself once it is allowed.</summary>
    public async Task<(Verdict Verdict, Heal? Heal)> RequestAsync(
        HealTarget target, Request request, Because because, CancellationToken stopping)
    {
        var (verdict, heal) = await DecideAsync(target, request, because, stopping);
        if (heal is not null)
            _ = Task.Run(() => HealAsync(target, heal, stopping), CancellationToken.None);
        return (verdict, heal);
    }

    private async Task<(Verdict Verdict, Heal? Heal)> DecideAsync(
        HealTarget target, Request request, Because because, CancellationToken stopping)
    {
        var action = await target.ActionAsync(stopping);
        Verdict? verdict = null;
        Heal? heal = null;
        await ledger.DecideAsync(
            recent =>
            {
                fleet.Remember(recent);
                var now = clock.GetUtcNow();
                if (recent.Any(other => IsUnderWayElsewhere(other, target, now)))
                {
                    verdict = new Verdict(Ruling.Leave, Bars.Healing, "Another replica is healing it.", false);
                    return null;
                }

                var id = Guid.CreateVersion7(now);
                // Read here, since a healer that has just started waits for Postgres, which has them, before it decides.
                verdict = fleet.Decide(id, target.Name, request with { Maintenance = windows.ReasonFor(target.Name) });
                if (verdict.Ruling == Ruling.Restart)
                    return heal = Begin(id, target, action, request, because, now);
                return verdict.Escalates && recent.LastOrDefault(other => other.Target == target.Name) is { } last
                    ? last with { EscalatedAt = now }
                    : null;
            },
            stopping);
        return (verdict!, heal);
    }

    private bool IsUnderWayElsewhere(Heal other, HealTarget target, DateTimeOffset now) =>
        other.Target == target.Name && other.FinishedAt is null && other.Healer != identity.Instance && other.StartedAt > now - settings.Lease;

    private Heal Begin(Guid id, HealTarget target, string action, Request request, Because because, DateTimeOffset now)
    {
        var state = fleet.Find(target.Name)!;
        var heal = new Heal
        {
            Id = id,
            Target = target.Name,
            Kind = target.Kind,
            Action = action,
            Reason = because.Reason ?? state.Reason,
            RequestedBy = because.Person,
            Forced = request.Force,
            Healer = identity.Instance,
            Streak = state.Streak,
            FailingSince = state.FailingSince ?? now,
            StartedAt = now,
            TraceId = Activity.Current?.TraceId.ToString(),
        };
        because.Record?.Invoke(heal);
        return heal;
    }

    private async Task HealAsync(HealTarget target, Heal heal, CancellationToken stopping)
    {
        using var activity = Activities.StartActivity("heal", ActivityKind.Internal);
        activity?.SetTag("aetherlink.target", heal.Target).SetTag("aetherlink.action", heal.Action);
        heal = heal with { TraceId = heal.TraceId ?? activity?.TraceId.ToString() };
        var ended = heal.Interrupted(heal.StartedAt);
        try
        {
            news.Attempted(heal);
            ended = await ActAsync(target, heal, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            ended = heal.Interrupted(clock.GetUtcNow());
        }
#pragma warning disable CA1031 // Whatever went wrong is the heal's outcome, and belongs into its record.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            ended = heal.Ended(false, false, failure.Message, clock.GetUtcNow());
        }
        finally
        {
            news.Braked(fleet.Finish(heal.Target, ended.Verified));
            news.Ended(ended);
            // Also when the host stops: the journal is local, and the next start stores it.
            await ledger.CompleteAsync(ended, CancellationToken.None);
            Log.HealEnded(logger, ended.Target, ended.Action, ended.Success, ended.DurationMs, ended.Message);
        }
    }

    private async Task<Heal> ActAsync(HealTarget target, Heal heal, CancellationToken stopping)
    {
        await target.ActAsync(heal.Action, stopping);
        var (acted, inARow) = (clock.GetTimestamp(), 0);
        while (clock.GetElapsedTime(acted) < settings.VerifyWithin)
        {
            inARow = await target.IsHealthyAsync(stopping) ? inARow + 1 : 0;
            if (inARow >= settings.Limits.RecoveriesToTrust)
                return heal.Ended(true, true, "Healthy again.", clock.GetUtcNow());
            await Task.Delay(VerifyInterval, clock, stopping);
        }

        return heal.Ended(false, false, $"Not healthy within {settings.VerifyWithin.TotalSeconds} s after {heal.Action}.", clock.GetUtcNow());
    }
}

/// <summary>Why a heal begins.</summary>
/// <param name="Person">Who wants it; null when the healer itself does.</param>
/// <param name="Reason">The person's reason.</param>
/// <param name="Record">Writes down who wanted it, before it begins.</param>
internal sealed record Because(string? Person, string? Reason, Action<Heal>? Record)
{
    public static Because OfItself { get; } = new(null, null, null);
}
