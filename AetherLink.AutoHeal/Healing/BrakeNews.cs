using AetherLink.AutoHeal.History;
using AetherLink.ServiceDefaults;

namespace AetherLink.AutoHeal.Healing;

/// <summary>Tells once that the brake engages, and once that it is released, however many replicas see it.</summary>
internal sealed class BrakeNews(HealNews news, HealLedger ledger, ILogger<BrakeNews> logger, TimeProvider clock) : BackgroundLoop(logger, clock)
{
    /// <summary>What was told while Postgres was away is not known there: its end has to be told, too.</summary>
    private bool _toldAlone;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await foreach (var fleet in news.Brakes.ReadAllAsync(stopping))
        {
            var isNew = await ledger.ChangeBrakeAsync(fleet.Braked, stopping);
            if (isNew is not false || _toldAlone)
                news.BrakeChanged(fleet);
            _toldAlone = isNew is null;
        }
    }
}
