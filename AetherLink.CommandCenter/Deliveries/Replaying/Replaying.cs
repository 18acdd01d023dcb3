using AetherLink.CommandCenter.Deliveries.Dispatching;
using AetherLink.CommandCenter.Deliveries.Reading;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Committing;
using AetherLink.CommandCenter.Events.Streaming;
using AetherLink.CommandCenter.Operators;
using AetherLink.CommandCenter.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Deliveries.Replaying;

/// <summary>What became of a wish to send a delivery again.</summary>
internal abstract record ReplayResult
{
    internal sealed record Replayed(Guid NewId) : ReplayResult;

    internal sealed record Unknown : ReplayResult;

    internal sealed record Refused(string Why) : ReplayResult;
}

/// <summary>Sends deliveries again: as new ones, with the original's payload, and the id that receivers know it by.</summary>
internal sealed class Replaying(
    NpgsqlDataSource source, IEventWriter events, DeliveryEvents announce, OperatorAudit audit, CommitSignal committed, DispatchSignal signal)
{
    /// <summary>Where a delivery stands in the way of its replay; none of it for a row that may be replayed.</summary>
    public const string Eligible =
        """
        d.status <> 0
        and not exists (select from command_center.delivery_queue q where q.delivery_id = d.id and q.lease_until > now())
        and not exists (select from command_center.deliveries r where r.original_id = d.id and r.status in (0, 2))
        and exists (select from command_center.webhook_endpoints e where e.id = d.endpoint_id and e.enabled and e.deleted_at is null)
        """;

    // The replay takes over: what the original still had to try, it tries no more.
    private const string Copy =
        $"""
        with pairs as materialized (
            select * from unnest($1, $2) as p (old_id, new_id)
        ), fresh as (
            insert into command_center.deliveries (id, message_id, endpoint_id, tenant_id, event_id, event_type, severity, created_at,
                original_id, replayed_by, body, rule_id)
            select p.new_id, d.message_id, d.endpoint_id, d.tenant_id, d.event_id, d.event_type, d.severity, now(), d.id, $3, d.body, d.rule_id
            from pairs p join command_center.deliveries d on d.id = p.old_id
            returning id, endpoint_id, tenant_id
        ), queued as (
            insert into command_center.delivery_queue (delivery_id, endpoint_id, tenant_id, due_at)
            select id, endpoint_id, tenant_id, now() from fresh
        ), over as (
            delete from command_center.delivery_queue q using pairs p where q.delivery_id = p.old_id
        ), closed as (
            update command_center.deliveries d set status = 3, completed_at = now() from pairs p where d.id = p.old_id and d.status = 2
        )
        select pg_notify('{DispatchSignal.Channel}', '')
        """;

    /// <param name="id">The delivery.</param>
    /// <param name="tenant">The tenant that the caller is confined to.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="key">The same key is the same replay, however often it is asked for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ReplayResult> ReplayAsync(Guid id, string? tenant, string actor, string? key, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // The queue's row first, as whoever records an attempt locks them: nobody claims it while its replay is being made.
        var isLeased = await ScalarAsync<bool?>(
            connection, "select lease_until > now() from command_center.delivery_queue where delivery_id = $1 for update", cancellationToken, id) is true;
        // The row's lock is what two clicks at once wait for.
        if (await FindAsync(id, tenant, connection, cancellationToken) is not { } found)
        {
            return new ReplayResult.Unknown();
        }
        if (key is not null && await ScalarAsync<Guid?>(
            connection, "select new_id from command_center.replay_keys where delivery_id = $1 and key = $2", cancellationToken, id, key) is { } known)
        {
            return new ReplayResult.Replayed(known);
        }
        if (await RefusalAsync(id, isLeased || found.Status is DeliveryStatus.Pending, connection, cancellationToken) is { } why)
        {
            return new ReplayResult.Refused(why);
        }
        var newId = Guid.CreateVersion7(await connection.NowAsync(cancellationToken));
        if (key is not null)
        {
            await ScalarAsync<object>(
                connection, "insert into command_center.replay_keys (delivery_id, key, new_id) values ($1, $2, $3)", cancellationToken, id, key, newId);
        }
        await audit.RecordAsync(
            connection, "delivery.replayed", id.ToString(), found.TenantId, null, new Replayed("replayed", newId, id), DeliveriesJson.Wire.Replayed,
            cancellationToken);
        await WriteAsync([(id, newId, found.TenantId)], actor, job: null, connection, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Pulse();
        return new ReplayResult.Replayed(newId);
    }

    /// <summary>
    /// Writes replays of rows that the caller has locked and found eligible, and what tells of them: of each, and of the end of
    /// the job that they are part of. After the commit it pulses.
    /// </summary>
    public async Task WriteAsync(
        IReadOnlyList<(Guid Id, Guid NewId, string TenantId)> replays, string actor, ReplayJob? job, NpgsqlConnection connection,
        NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        if (replays.Count > 0)
        {
            await using var copy = new NpgsqlCommand(Copy, connection, transaction);
            copy.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. replays.Select(one => one.Id)] });
            copy.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. replays.Select(one => one.NewId)] });
            copy.Parameters.Add(new NpgsqlParameter<string> { TypedValue = actor });
            await copy.ExecuteNonQueryAsync(cancellationToken);
        }
        List<EventDraft> news = [.. replays.Select(one => announce.Replayed(one.Id, one.NewId, one.TenantId, actor, job?.Id))];
        if (job is { FinishedAt: not null })
        {
            news.Add(announce.ReplayFinished(job));
        }
        // Last, since it takes the lock of all writers of events.
        await events.WriteAsync(news, connection, transaction, cancellationToken);
    }

    public void Pulse()
    {
        signal.Pulse();
        committed.Pulse();
    }

    private static async Task<(DeliveryStatus Status, string TenantId)?> FindAsync(
        Guid id, string? tenant, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select status, tenant_id from command_center.deliveries where id = $1 and ($2 is null or tenant_id = $2) for update", connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? ((DeliveryStatus)reader.GetInt16(0), reader.GetString(1)) : null;
    }

    private static async Task<string?> RefusalAsync(Guid id, bool isPending, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (isPending)
        {
            return "The delivery is pending: it is still on its way.";
        }
        if (await ScalarAsync<Guid?>(
            connection, "select id from command_center.deliveries where original_id = $1 and status in (0, 2) limit 1", cancellationToken, id) is { } replay)
        {
            return $"Its replay '{replay}' is still on its way.";
        }
        return await ScalarAsync<bool?>(
            connection,
            """
            select e.enabled and e.deleted_at is null from command_center.deliveries d
            join command_center.webhook_endpoints e on e.id = d.endpoint_id where d.id = $1
            """, cancellationToken, id) is true ? null : "Its webhook is switched off, or was removed.";
    }

    private static async Task<T?> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }
        return await command.ExecuteScalarAsync(cancellationToken) is T answer ? answer : default;
    }
}
