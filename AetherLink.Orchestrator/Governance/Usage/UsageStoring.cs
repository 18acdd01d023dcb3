using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.Orchestrator.Governance.Usage;

/// <summary>Stores what was counted every few seconds. A killed process loses the counts of that long; the audit has every call.</summary>
internal sealed class UsageStoring(UsageLedger ledger, UsageStore store, DatabaseReady ready, ILogger<UsageStoring> logger, TimeProvider clock)
    : BackgroundLoop(logger, clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Closing = TimeSpan.FromSeconds(2);

    /// <summary>As long as the events are kept by default.</summary>
    private static readonly TimeSpan Retention = TimeSpan.FromDays(90);

    private static readonly TimeSpan PruneInterval = TimeSpan.FromHours(1);

    private readonly ILogger _logger = logger;
    private bool _isAway;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await ready.WaitAsync(stopping);
        var pruned = DateTimeOffset.MinValue;
        try
        {
            using var timer = new PeriodicTimer(Interval, Clock);
            do
            {
                await StoreAsync(stopping);
                var now = Clock.GetUtcNow();
                if (now - pruned >= PruneInterval && await TryAsync(() => store.PruneAsync(now - Retention, stopping), stopping)) pruned = now;
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        finally
        {
            using var patience = new CancellationTokenSource(Closing, Clock);
            await StoreAsync(patience.Token);
        }
    }

    private async Task StoreAsync(CancellationToken cancellationToken)
    {
        var rows = ledger.Take();
        var isStored = false;
        try
        {
            isStored = rows.Count == 0 || await TryAsync(() => store.AddAsync(rows, cancellationToken), cancellationToken);
        }
        finally
        {
            if (!isStored)
            {
                foreach (var (key, sum) in rows) ledger.Add(key, sum);
            }
        }
    }

    /// <summary>False when Postgres is away, or refuses: said once, and tried again.</summary>
    private async Task<bool> TryAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
            if (_isAway) Log.UsageIsStoredAgain(_logger);
            _isAway = false;
            return true;
        }
        catch (Exception absence) when (absence is NpgsqlException or TimeoutException
            || (absence is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            if (!_isAway && !cancellationToken.IsCancellationRequested) Log.UsageIsNotStored(_logger, absence.Message);
            _isAway = true;
            return false;
        }
    }
}
