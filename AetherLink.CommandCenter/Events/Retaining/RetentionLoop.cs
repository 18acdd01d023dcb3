using AetherLink.CommandCenter.Storage;
using AetherLink.ServiceDefaults;
using Microsoft.EntityFrameworkCore;

namespace AetherLink.CommandCenter.Events.Retaining;

/// <summary>Prunes at the start and once an hour, and announces what it removed.</summary>
internal sealed class RetentionLoop(
    Pruning pruning, IDbContextFactory<CommandCenterDb> contexts, PruningNews news, DatabaseReady database, TimeProvider clock,
    ILogger<RetentionLoop> logger) : BackgroundLoop(logger, clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly ILogger _logger = logger;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await database.WaitAsync(stopping);
        using var timer = new PeriodicTimer(Interval, Clock);
        do
        {
            await using var db = await contexts.CreateDbContextAsync(stopping);
            var policies = await RetentionApi.ReadAsync(db, stopping);
            foreach (var pruned in await pruning.PruneAsync(policies, stopping) ?? [])
            {
                Log.Pruned(_logger, pruned.Events, pruned.Before);
            }
            await news.AnnounceAsync(stopping);
            Log.PruningDone(_logger);
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }
}
