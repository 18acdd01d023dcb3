using AetherLink.CommandCenter.Deliveries.Reading;
using AetherLink.ServiceDefaults;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AetherLink.CommandCenter.Deliveries.Retaining;

/// <summary>Removes deliveries beyond their retention, with all that belongs to them.</summary>
internal sealed class DeliveryPruning(NpgsqlDataSource source, IOptions<DeliveryOptions> options, TimeProvider clock)
{
    /// <summary>Rows a statement: a short transaction, so that it does not hold up the others.</summary>
    private const int Chunk = 2_000;

    // What is leased is on its way, and goes the next time. Several replicas at once share the work.
    private const string Deliveries =
        """
        with old as materialized (
            select d.id from command_center.deliveries d
            where d.id < $1 and not exists (select from command_center.delivery_queue q where q.delivery_id = d.id and q.lease_until > now())
            order by d.id limit $2 for update skip locked
        ), attempts as (delete from command_center.delivery_attempts a using old where a.delivery_id = old.id
        ), queue as (delete from command_center.delivery_queue q using old where q.delivery_id = old.id
        ), keys as (delete from command_center.replay_keys k using old where k.delivery_id = old.id)
        delete from command_center.deliveries d using old where d.id = old.id
        """;

    private static readonly string[] Others =
    [
        "delete from command_center.delivery_counts where hour < $1",
        "delete from command_center.notifications where notified_at < $1",
        "delete from command_center.replay_jobs where finished_at < $1",
        // What is left of a removed endpoint is its name in the history.
        """
        delete from command_center.webhook_endpoints e where e.deleted_at < $1
            and not exists (select from command_center.deliveries d where d.endpoint_id = e.id)
        """,
    ];

    /// <summary>How many deliveries went, and from before when.</summary>
    public async Task<(long Deliveries, DateTimeOffset Before)> PruneAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow().AddDays(-options.Value.RetentionDays);
        var pruned = 0L;
        int deleted;
        do
        {
            await using var command = source.CreateCommand(Deliveries);
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = TimedId.First(before) });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Chunk });
            deleted = await command.ExecuteNonQueryAsync(cancellationToken);
            pruned += deleted;
        }
        while (deleted >= Chunk);
        foreach (var other in Others)
        {
            await using var command = source.CreateCommand(other);
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = before.UtcDateTime });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        return (pruned, before);
    }
}

/// <summary>Prunes at the start and once an hour.</summary>
internal sealed class DeliveryRetentionLoop(
    DeliveryPruning pruning, DatabaseReady database, TimeProvider clock, ILogger<DeliveryRetentionLoop> logger) : BackgroundLoop(logger, clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly ILogger _logger = logger;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await database.WaitAsync(stopping);
        using var timer = new PeriodicTimer(Interval, Clock);
        do
        {
            var (deliveries, before) = await pruning.PruneAsync(stopping);
            if (deliveries > 0)
            {
                Log.Pruned(_logger, deliveries, before);
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }
}
