using AetherLink.CommandCenter.Deliveries.Reading;
using AetherLink.CommandCenter.Events.Retaining;
using AetherLink.CommandCenter.Storage;
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
    private static string Deliveries(string whose) =>
        $"""
        with old as materialized (
            select d.id from command_center.deliveries d
            where d.id < $1 and {whose} and not exists (select from command_center.delivery_queue q where q.delivery_id = d.id and q.lease_until > now())
            order by d.id limit $2 for update skip locked
        ), attempts as (delete from command_center.delivery_attempts a using old where a.delivery_id = old.id
        ), queue as (delete from command_center.delivery_queue q using old where q.delivery_id = old.id
        ), keys as (delete from command_center.replay_keys k using old where k.delivery_id = old.id)
        delete from command_center.deliveries d using old where d.id = old.id
        """;

    private static readonly string[] Others =
    [
        "delete from command_center.delivery_counts where hour < $1",
        "delete from command_center.endpoint_counts where hour < $1",
        "delete from command_center.delivery_days where hour < $1 - interval '1 day'",
        "delete from command_center.endpoint_days where hour < $1 - interval '1 day'",
        "delete from command_center.notifications where notified_at < $1",
        "delete from command_center.replay_jobs where finished_at < $1",
        // What is left of a removed endpoint is its name in the history; of a configured one, that it was removed.
        """
        delete from command_center.webhook_endpoints e where e.deleted_at < $1 and e.configured_as is null
            and not exists (select from command_center.deliveries d where d.endpoint_id = e.id)
        """,
    ];

    /// <summary>How many deliveries went, and from before when.</summary>
    public async Task<(long Deliveries, DateTimeOffset Before)> PruneAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now;
        await using (var connection = await source.OpenConnectionAsync(cancellationToken))
        {
            now = await SlowerClock.NowAsync(connection, clock, cancellationToken);
        }
        var days = options.Value.RetentionDays;
        var before = now.AddDays(-days);
        var pruned = await DeleteAsync(before, "true", [], cancellationToken);
        // A body is the event: it is not kept longer than that.
        var policies = await PoliciesAsync(cancellationToken);
        foreach (var (tenant, own) in policies.Tenants.Where(policy => policy.Value < days))
        {
            pruned += await DeleteAsync(now.AddDays(-own), "d.tenant_id = any ($3)", [tenant], cancellationToken);
        }
        if (policies.RetentionDays < days)
        {
            pruned += await DeleteAsync(now.AddDays(-policies.RetentionDays), "d.tenant_id <> all ($3)", [.. policies.Tenants.Keys], cancellationToken);
        }
        foreach (var other in Others)
        {
            await using var command = source.CreateCommand(other);
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = before.UtcDateTime });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        return (pruned, before);
    }

    private async Task<long> DeleteAsync(DateTimeOffset before, string whose, string[] tenants, CancellationToken cancellationToken)
    {
        var pruned = 0L;
        int deleted;
        do
        {
            await using var command = source.CreateCommand(Deliveries(whose));
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = TimedId.First(before) });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Chunk });
            if (whose.Contains("$3", StringComparison.Ordinal))
            {
                command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = tenants });
            }
            deleted = await command.ExecuteNonQueryAsync(cancellationToken);
            pruned += deleted;
        }
        while (deleted >= Chunk);
        return pruned;
    }

    private async Task<RetentionPolicies> PoliciesAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select tenant_id, retention_days from command_center.retention_policies");
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var policies = new List<RetentionPolicy>();
        while (await row.ReadAsync(cancellationToken))
        {
            policies.Add(new() { TenantId = row.GetString(0), RetentionDays = row.GetInt32(1) });
        }
        return RetentionPolicies.Of(policies);
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
