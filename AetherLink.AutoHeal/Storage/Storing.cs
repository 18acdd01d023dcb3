using AetherLink.AutoHeal.Healing;
using AetherLink.AutoHeal.History;
using AetherLink.AutoHeal.Maintenance;
using AetherLink.AutoHeal.Settings;
using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.AutoHeal.Storage;

/// <summary>
/// Waits for Postgres, reminds the governor of what it had decided before, and from then on stores what had to go to the
/// journal.
/// </summary>
internal sealed class Storing(
    DatabaseReady ready, NpgsqlDataSource database, HealStore store, HealLedger ledger, HealJournal journal, Fleet fleet, Duty duty, MaintenanceWindows windows,
    HealNews news, HealSettings settings, ILogger<Storing> logger, TimeProvider clock) : BackgroundLoop(logger, clock)
{
    /// <summary>How often an absent Postgres is asked for, and a present one is given what it lacks.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Heals are few; what is old may stay a little longer.</summary>
    private static readonly TimeSpan TidyInterval = TimeSpan.FromHours(1);

    /// <summary>What was said last of why Postgres is not used.</summary>
    private string? _said;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await ready.WaitAsync(stopping);
        long? tidied = null;
        while (true)
        {
            if ((ledger.IsPresent || await IsBackAsync(stopping)) && await ledger.FlushAsync(stopping))
                await ledger.TryAsync(windows.ReadAsync, stopping);
            await ledger.TryAsync(TakeDutyAsync, stopping);
            // Also what other replicas did: whoever is on duty when Postgres goes away has to go by it.
            await ledger.TryAsync(RememberAsync, stopping);
            if (fleet.IsBraked)
                await ledger.TryAsync(time => store.KeepBrakeAsync(time), stopping);
            await CloseAsync(stopping);
            if (ledger.IsPresent && (tidied is not { } last || Clock.GetElapsedTime(last) > TidyInterval))
            {
                await TidyAsync(stopping);
                tidied = Clock.GetTimestamp();
            }

            await Task.Delay(Interval, Clock, stopping);
        }
    }

    private async Task<bool> IsBackAsync(CancellationToken stopping)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(stopping);
            await RememberAsync(stopping);
            // What is already dead when the healer starts is decided on as soon as Postgres is found.
            await windows.ReadAsync(stopping);
            await TakeDutyAsync(stopping);
            ledger.Found();
            _said = null;
            return true;
        }
        catch (Exception absence) when (absence is NpgsqlException or TimeoutException || absence.InnerException is NpgsqlException)
        {
            var reason = (absence as NpgsqlException ?? absence.InnerException ?? absence).Message;
            if (reason != _said)
                Log.StorageNotFound(logger, _said = reason);
            return false;
        }
    }

    /// <summary>Nobody else tells how the heals of a healer ended that does not come back.</summary>
    private async Task CloseAsync(CancellationToken stopping)
    {
        IReadOnlyList<Heal> closed = [];
        await ledger.TryAsync(async time => closed = await store.CloseAsync(settings.Lease, time), stopping);
        foreach (var heal in closed)
            news.Ended(heal);
    }

    private async Task RememberAsync(CancellationToken cancellationToken) => fleet.Remember(journal.Over(await store.RecentAsync(cancellationToken)));

    private async Task TakeDutyAsync(CancellationToken cancellationToken)
    {
        var hasOthers = await store.TakeDutyAsync(duty.Holder, cancellationToken);
        duty.Told(hasOthers is not null, hasOthers is true);
    }

    private Task<bool> TidyAsync(CancellationToken stopping) =>
        ledger.TryAsync(time => store.TidyAsync(Clock.GetUtcNow(), settings.Retention, time), stopping);
}
