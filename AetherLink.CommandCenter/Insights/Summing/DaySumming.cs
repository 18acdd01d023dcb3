using AetherLink.CommandCenter.Storage;
using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.CommandCenter.Insights.Summing;

/// <summary>Sums up what is counted by the hour once its day is over. Two replicas at once: the second finds it done.</summary>
internal sealed class DaySumming(NpgsqlDataSource source, DatabaseReady database, TimeProvider clock, ILogger<DaySumming> logger)
    : BackgroundLoop(logger, clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(30);

    /// <summary>A transaction that began in the day has ended by then.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromHours(1);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await database.WaitAsync(stopping);
        using var timer = new PeriodicTimer(Interval, Clock);
        do
        {
            await SumAsync(stopping);
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    internal async Task SumAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var now = await SlowerClock.NowAsync(connection, Clock, cancellationToken);
        await using var command = new NpgsqlCommand("select command_center.sum_days($1)", connection);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (now - Settled).UtcDateTime });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
