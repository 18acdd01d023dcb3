using System.Text.Json;
using AetherLink.AutoHeal.History;
using AetherLink.ServiceDefaults;
using Microsoft.EntityFrameworkCore;

namespace AetherLink.AutoHeal.Storage;

/// <summary>
/// Hands on what was stored with a change. It is removed after the spool has it: a kill in between hands it on twice, and the
/// operator audit knows it by its id.
/// </summary>
internal sealed class ChangeTelling(
    DatabaseReady ready, HealLedger ledger, IDbContextFactory<HealContext> contexts, OperatorChanges audit, ILogger<ChangeTelling> logger,
    TimeProvider clock) : BackgroundLoop(logger, clock)
{
    private const int AtOnce = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await ready.WaitAsync(stopping);
        while (true)
        {
            await ledger.TryAsync(TellAsync, stopping);
            await Task.Delay(Interval, Clock, stopping);
        }
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var untold = await context.UntoldChanges.AsNoTracking().OrderBy(row => row.Id).Take(AtOnce).ToListAsync(cancellationToken);
        var told = untold.TakeWhile(row => audit.TryRecord(JsonSerializer.Deserialize<OperatorChange>(row.Change, Json.Wire)!)).Select(row => row.Id).ToList();
        if (told.Count > 0)
            await context.UntoldChanges.Where(row => told.Contains(row.Id)).ExecuteDeleteAsync(cancellationToken);
    }
}
