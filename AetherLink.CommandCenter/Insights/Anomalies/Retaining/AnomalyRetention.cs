using AetherLink.CommandCenter.Alerts.Retaining;
using AetherLink.CommandCenter.Storage;
using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.CommandCenter.Insights.Anomalies.Retaining;

/// <summary>
/// Removes anomalies that have ended when the events that they tell of are gone: with the policy of their tenant. Once an hour;
/// two replicas at once find the same, and one of them removes it.
/// </summary>
internal sealed class AnomalyRetention(
    NpgsqlDataSource source, DatabaseReady database, TimeProvider clock, ILogger<AnomalyRetention> logger)
    : BackgroundLoop(logger, clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private static readonly string Sql =
        $"""
        delete from command_center.anomalies where seq in (
            select seq from command_center.anomalies a where ended_at < $1 - {AlertRetention.KeptBy("a")} limit $2)
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

    internal async Task<long> PruneAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var now = await SlowerClock.NowAsync(connection, Clock, cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = AlertRetention.Chunk });
        var total = 0L;
        int deleted;
        do
        {
            deleted = await command.ExecuteNonQueryAsync(cancellationToken);
            total += deleted;
        }
        while (deleted == AlertRetention.Chunk);
        if (total > 0)
        {
            Log.Pruned(_logger, total);
        }
        return total;
    }
}
