using AetherLink.CommandCenter.Events.Retaining;
using AetherLink.CommandCenter.Storage;
using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.CommandCenter.Alerts.Retaining;

/// <summary>
/// Removes resolved alerts and ended silences when the events they tell of are gone: with the policy of their tenant. Once an
/// hour; two replicas at once find the same, and one of them removes it.
/// </summary>
internal sealed class AlertRetention(
    NpgsqlDataSource source, DatabaseReady database, TimeProvider clock, ILogger<AlertRetention> logger)
    : BackgroundLoop(logger, clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private static readonly string Alerts =
        $"""
        delete from command_center.alerts where seq in (
            select seq from command_center.alerts a where resolved_at < $1 - {WithEvents.KeptBy("a")} limit $2)
        """;

    private static readonly string Silences =
        $"""
        delete from command_center.alert_silences where seq in (
            select seq from command_center.alert_silences s where ends_at < $1 - {WithEvents.KeptBy("s")}
                and not exists (select from command_center.alert_mutes m where m.silence_id = s.silence_id) limit $2)
        """;

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

    internal async Task<(long Alerts, long Silences)> PruneAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var now = await SlowerClock.NowAsync(connection, Clock, cancellationToken);
        var alerts = await WithEvents.DeleteAsync(connection, Alerts, now, cancellationToken);
        var silences = await WithEvents.DeleteAsync(connection, Silences, now, cancellationToken);
        if (alerts + silences > 0)
        {
            Log.Pruned(_logger, alerts, silences);
        }
        return (alerts, silences);
    }
}
