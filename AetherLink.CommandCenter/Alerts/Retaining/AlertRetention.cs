using AetherLink.CommandCenter.Events.Retaining;
using AetherLink.CommandCenter.Storage;
using AetherLink.ServiceDefaults;
using Microsoft.EntityFrameworkCore;

namespace AetherLink.CommandCenter.Alerts.Retaining;

/// <summary>
/// Removes resolved alerts and ended silences when the events they tell of are gone: with the policy of their tenant. Once an
/// hour; two replicas at once find the same, and one of them removes it.
/// </summary>
internal sealed class AlertRetention(
    IDbContextFactory<CommandCenterDb> contexts, DatabaseReady database, TimeProvider clock, ILogger<AlertRetention> logger)
    : BackgroundLoop(logger, clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly ILogger _logger = logger;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await database.WaitAsync(stopping);
        using var timer = new PeriodicTimer(Interval, Clock);
        do
        {
            await PruneAsync(stopping);
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    internal async Task PruneAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = Clock.GetUtcNow().UtcDateTime;
        var alerts = await db.Database.ExecuteSqlAsync(
            $"""
            delete from command_center.alerts a where resolved_at < {now} - make_interval(days => coalesce(
                (select retention_days from command_center.retention_policies where tenant_id = a.tenant_id),
                (select retention_days from command_center.retention_policies where tenant_id = {RetentionPolicy.Global}),
                {RetentionPolicy.DefaultDays}))
            """, cancellationToken);
        var silences = await db.Database.ExecuteSqlAsync(
            $"""
            delete from command_center.alert_silences s where ends_at < {now} - make_interval(days => coalesce(
                    (select retention_days from command_center.retention_policies where tenant_id = s.tenant_id),
                    (select retention_days from command_center.retention_policies where tenant_id = {RetentionPolicy.Global}),
                    {RetentionPolicy.DefaultDays}))
                and not exists (select from command_center.alert_mutes m where m.silence_id = s.silence_id)
            """, cancellationToken);
        if (alerts + silences > 0)
        {
            Log.Pruned(_logger, alerts, silences);
        }
    }
}
