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

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await ready.WaitAsync(stopping);
        var pruned = DateTimeOffset.MinValue;
        try
        {
            using var timer = new PeriodicTimer(Interval, Clock);
            do
            {
                var isThere = await StoreAsync(stopping);
                if (!isThere || Clock.GetUtcNow() - pruned < PruneInterval) continue;
                await store.PruneAsync(Clock.GetUtcNow() - Retention, stopping);
                pruned = Clock.GetUtcNow();
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        finally
        {
            using var patience = new CancellationTokenSource(Closing, Clock);
            await StoreAsync(patience.Token);
        }
    }

    private async Task<bool> StoreAsync(CancellationToken cancellationToken)
    {
        var rows = ledger.Take();
        if (rows.Count == 0) return true;
        try
        {
            await store.AddAsync(rows, cancellationToken);
            return true;
        }
        catch (Exception absence) when (absence is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            foreach (var (key, sum) in rows) ledger.Add(key, sum);
            return false;
        }
    }
}
