using System.Collections.Concurrent;
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
    Fleet fleet, HealLedger ledger, Duty duty, Witness witness, MaintenanceWindows windows, HealNews news, HealSettings settings,
    ServiceIdentity identity, HealClock time, TimeProvider clock, ILogger<Healer> logger)
{
    internal static readonly ActivitySource Activities = new("AetherLink.AutoHeal");

    private readonly Confirming _confirming = new(fleet, settings.Limits, clock);
    private readonly Verifying _verifying = new(settings, clock);
    private readonly ConcurrentDictionary<Guid, Task> _underWay = new();

    /// <summary>Until what is under way has ended, and is on record: for whoever stops it.</summary>
    public Task EndAsync(CancellationToken cancellationToken) => Task.WhenAll(_underWay.Values).WaitAsync(cancellationToken);

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
            news.Recovered(target, time.ToShared(since), time.Shared, before.Restarts.Any(at => at >= since));
        if (before is { Escalated: true } && fleetNow.Find(target.Name) is { Escalated: false, Condition: Condition.Healthy })
            ledger.TakeBack(target.Name);
    }

    /// <summary>What would happen to the target now, and why; nothing comes of asking.</summary>
    public Verdict Foresee(HealTarget target, Request request) => target.WhyNot is { } why
        ? new Verdict(fleet.Find(target.Name)?.Condition == Condition.Down ? Ruling.Suppress : Ruling.Leave, target.IsEnrolled ? Bars.NoControl : Bars.NotEnrolled, why, false)
        : fleet.Ask(target.Name, Informed(request, target));

    /// <summary>Heals the target if it must and may, by what is known of it.</summary>
    public async Task ConsiderAsync(HealTarget target, CancellationToken stopping)
    {
        if (target.WhyNot is not null)
            return;
        var request = Informed(Request.Automatic, target);
        await _confirming.ConfirmAsync(target, request, look => See(target, look), stopping);
        // A look decides most cases; the ledger is asked when something is to be done, and written down.
        var (verdict, heal, isAgreed) = fleet.Ask(target.Name, request) is { Ruling: Ruling.Restart } or { Escalates: true }
            ? await DecideAsync(target, request, Because.OfItself, stopping)
            : new Decision(fleet.Leave(target.Name, request), null, IsAgreed: true);
        if (heal is not null)
            await CarryAsync(target, heal, isAgreed, stopping);
        else if (verdict is { Ruling: Ruling.Suppress, News: true })
            news.Suppressed(target, verdict, fleet.Find(target.Name));
        if (verdict is { Escalates: true })
            news.Escalated(target, verdict, fleet.Find(target.Name));
    }

    /// <summary>A person wants it. The heal goes on by itself once it is allowed.</summary>
    public async Task<(Verdict Verdict, Heal? Heal)> RequestAsync(
        HealTarget target, Request request, Because because, CancellationToken stopping)
    {
        var (verdict, heal, _) = await DecideAsync(target, request, because, stopping);
        if (heal is not null)
            _ = CarryAsync(target, heal, isAgreed: true, stopping);
        return (verdict!, heal);
    }

    private async Task<Decision> DecideAsync(HealTarget target, Request request, Because because, CancellationToken stopping)
    {
        var action = await target.ActionAsync(stopping);
        Verdict? verdict = null;
        Heal? heal = null;
        Heal? Decide(IReadOnlyList<Heal> recent)
        {
            fleet.Remember(recent);
            var now = time.Shared;
            if (recent.Any(other => IsUnderWayElsewhere(other, target, now)))
            {
                verdict = new Verdict(Ruling.Leave, Bars.Healing, "Another replica is healing it.", false);
                return null;
            }

            var id = Guid.CreateVersion7(now);
            // Read here, since a healer that has just started waits for Postgres, which has them, before it decides.
            verdict = fleet.Decide(id, target.Name, Informed(request, target), state =>
            {
                heal = Begin(id, target, state, action, request, because, now);
                return because.Record?.Invoke(heal) ?? true;
            });
            if (verdict.Ruling == Ruling.Restart)
                return heal;
            heal = null;
            return verdict.Escalates && recent.LastOrDefault(other => other.Target == target.Name) is { } last
                ? last with { EscalatedAt = now }
                : null;
        }

        try
        {
            var isAgreed = await ledger.DecideAsync(Decide, stopping);
            return new Decision(verdict, heal, isAgreed);
        }
        catch when (verdict is { Ruling: Ruling.Restart })
        {
            // It is counted, and nobody will carry it out: a target that is being healed for ever would never be healed again.
            news.Braked(fleet.Finish(target.Name, healthy: false));
            if (heal is not null)
                await ledger.CompleteAsync(heal.Interrupted(time.Shared), CancellationToken.None);
            throw;
        }
    }

    /// <summary>With what stands in the way by the word of people, and of the other replicas, at this moment.</summary>
    private Request Informed(Request request, HealTarget target) =>
        request with { Maintenance = windows.ReasonFor(target.Name), OffDuty = ledger.IsAlone ? duty.WhyNot : null };

    private bool IsUnderWayElsewhere(Heal other, HealTarget target, DateTimeOffset now) =>
        other.Target == target.Name && other.FinishedAt is null && other.Healer != identity.Instance && other.StartedAt > now - settings.Lease;

    private Heal Begin(Guid id, HealTarget target, TargetState state, string action, Request request, Because because, DateTimeOffset now) => new()
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
        FailingSince = state.FailingSince is { } since ? time.ToShared(since) : now,
        StartedAt = now,
        TraceId = Activity.Current?.TraceId.ToString(),
    };

    private async Task CarryAsync(HealTarget target, Heal heal, bool isAgreed, CancellationToken stopping)
    {
        var healing = Task.Run(() => HealAsync(target, heal, isAgreed, stopping), CancellationToken.None);
        _underWay[heal.Id] = healing;
        await healing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _underWay.TryRemove(heal.Id, out _);
        await healing;
    }

    private async Task HealAsync(HealTarget target, Heal heal, bool isAgreed, CancellationToken stopping)
    {
        var began = clock.GetTimestamp();
        // From when it was decided on, however any clock is set meanwhile.
        DateTimeOffset Now() => heal.StartedAt + clock.GetElapsedTime(began);
        // Its record and its events belong together, also where nobody collects traces.
        using var activity = Activities.StartActivity("heal", ActivityKind.Internal) ?? new Activity("heal").Start();
        activity.SetTag("aetherlink.target", heal.Target).SetTag("aetherlink.action", heal.Action);
        heal = heal with { TraceId = heal.TraceId ?? activity.TraceId.ToString() };
        var ended = heal.Interrupted(heal.StartedAt);
        try
        {
            news.Attempted(heal);
            var (isHealthy, message) = await ActAsync(target, heal, isAgreed, stopping);
            ended = heal.Ended(isHealthy, isHealthy, message, Now());
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            ended = heal.Interrupted(Now());
        }
#pragma warning disable CA1031 // Whatever went wrong is the heal's outcome, and belongs into its record.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            ended = heal.Ended(false, false, failure.Message, Now());
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

    private async Task<(bool IsHealthy, string Message)> ActAsync(HealTarget target, Heal heal, bool isAgreed, CancellationToken stopping)
    {
        // What was decided with Postgres, which was lost before it had written it down, is for whoever is on duty from then on.
        if (!isAgreed)
            await witness.AskAsync(stopping);
        var acts = isAgreed || ((heal.Forced || duty.WhyNot is null) && await IsStillDownAsync(target, stopping));
        if (acts)
            await target.ActAsync(heal.Action, stopping);
        return await _verifying.VerifyAsync(target, acts ? heal.Action : null, stopping);
    }

    /// <summary>While Postgres is away another replica may have restarted it meanwhile, and nobody says so but the target itself.</summary>
    private static async Task<bool> IsStillDownAsync(HealTarget target, CancellationToken stopping) =>
        (await target.LookAsync(stopping)).Sign is Sign.Failing or Sign.Dead;

    /// <param name="Verdict">What the governor says; null where that has changed since it was asked.</param>
    /// <param name="Heal">What is to be carried out.</param>
    /// <param name="IsAgreed">The other replicas know of it.</param>
    private sealed record Decision(Verdict? Verdict, Heal? Heal, bool IsAgreed);
}

/// <summary>Why a heal begins.</summary>
/// <param name="Person">Who wants it; null when the healer itself does.</param>
/// <param name="Reason">The person's reason.</param>
/// <param name="Record">Writes down who wanted it, before it begins; what cannot be written down is not begun.</param>
internal sealed record Because(string? Person, string? Reason, Func<Heal, bool>? Record)
{
    public static Because OfItself { get; } = new(null, null, null);
}
