using System.Text.Json;
using AetherLink.CommandCenter.Deliveries.Reading;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Operators;
using AetherLink.CommandCenter.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Deliveries.Replaying;

/// <summary>Which deliveries are to be sent again: by their ids, or by a filter.</summary>
internal sealed record ReplayWish(Guid[]? Ids, DeliveryFilter Filter);

/// <summary>A bulk replay and its progress.</summary>
/// <param name="Id">The job.</param>
/// <param name="Status">running or done.</param>
/// <param name="Total">What it found at its start.</param>
/// <param name="Replayed">What was sent again so far.</param>
/// <param name="Skipped">What could not be: it was on its way by then, or its webhook off. Known at the end.</param>
/// <param name="RequestedBy">Who asked for it.</param>
/// <param name="TenantId">Whose deliveries; null for everybody's.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="FinishedAt">When it ended.</param>
internal sealed record ReplayJob(
    Guid Id, string Status, int Total, int Replayed, int? Skipped, string RequestedBy, string? TenantId, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);

/// <summary>Bulk replays: a row each, worked off in steps that are transactions, so that a restart goes on where it was.</summary>
internal sealed class ReplayJobs(NpgsqlDataSource source, Replaying replaying, OperatorAudit audit)
{
    /// <summary>More than anybody means: a filter that matches more is to be narrowed.</summary>
    public const int Most = 100_000;

    /// <summary>A short transaction, since it holds the lock of all writers of events at its end.</summary>
    private const int Step = 100;

    private const string Columns = "id, total, replayed, requested_by, tenant_id, created_at, finished_at";

    /// <summary>How many it would be, by triage; no more are counted than one job may have, and one.</summary>
    public async Task<IReadOnlyDictionary<string, int>> CountAsync(ReplayWish wish, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand();
        var conditions = Conditions(wish, command.Parameters);
        command.CommandText =
            $"""
            select coalesce(triage, -1), count(*)::int from (
                select d.triage from command_center.deliveries d where {conditions} and {Replaying.Eligible} limit {Most + 1:D}) c group by 1
            """;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            counts[reader.GetInt32(0) < 0 ? "none" : ((TriageLabel)reader.GetInt32(0)).Name()] = reader.GetInt32(1);
        }
        return counts;
    }

    /// <summary>The job; with the same key of the same caller, the one that there is already.</summary>
    public async Task<ReplayJob> StartAsync(ReplayWish wish, int total, string actor, string? key, CancellationToken cancellationToken) =>
        await TryStartAsync(wish, total, actor, key, cancellationToken)
        // It was made while it was looked for: a second look sees it.
        ?? await TryStartAsync(wish, total, actor, key, cancellationToken)
        ?? throw new InvalidOperationException("The job was neither made nor found.");

    private async Task<ReplayJob?> TryStartAsync(ReplayWish wish, int total, string actor, string? key, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            $"""
            with made as (
                insert into command_center.replay_jobs (id, tenant_id, requested_by, key, ids, filter, position, up_to, total)
                values ($1, $2, $3, $4, $5, $6, $7, $1, $8)
                on conflict (requested_by, coalesce(tenant_id, ''), key) where key is not null do nothing
                returning {Columns}
            )
            select {Columns}, true from made
            union all
            select {Columns}, false from command_center.replay_jobs where requested_by = $3 and tenant_id is not distinct from $2 and key = $4
            """, connection);
        // Its id is the bound: what is made from now on, its own replays among them, is not meant.
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7(await connection.NowAsync(cancellationToken)) });
        command.Parameters.Add(Text(wish.Filter.TenantId));
        command.Parameters.Add(Text(actor));
        command.Parameters.Add(Text(key));
        command.Parameters.Add(new NpgsqlParameter<Guid[]?> { TypedValue = wish.Ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        command.Parameters.Add(new NpgsqlParameter<string>
        {
            TypedValue = JsonSerializer.Serialize(wish.Filter, DeliveriesJson.Wire.DeliveryFilter),
            NpgsqlDbType = NpgsqlDbType.Jsonb,
        });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.Empty });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = total });
        ReplayJob job;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken))
            {
                return null;
            }
            job = Row(reader);
            if (!reader.GetBoolean(reader.FieldCount - 1))
            {
                return job;
            }
        }
        await audit.RecordAsync(
            connection, "delivery.bulk_replayed", job.Id.ToString(), job.TenantId, null, job, DeliveriesJson.Wire.ReplayJob, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return job;
    }

    public async Task<ReplayJob?> FindAsync(Guid id, string? tenant, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            $"select {Columns} from command_center.replay_jobs where id = $1 and ($2 is null or tenant_id = $2)");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(Text(tenant));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Row(reader) : null;
    }

    /// <summary>Does the next step of some job; false when there is none that another replica is not at.</summary>
    public async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await TakeAsync(connection, cancellationToken) is not { } job)
        {
            return false;
        }
        var (found, position) = await NextAsync(job, connection, cancellationToken);
        var replays = await FreeAsync(found, connection, cancellationToken);
        var moved = await MoveAsync(job.Id, replays.Count, position, isLast: found.Count < Step, connection, cancellationToken);
        if (replays.Count > 0 || moved.FinishedAt is not null)
        {
            await replaying.WriteAsync(replays, job.Actor, moved, connection, transaction, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        replaying.Pulse();
        return true;
    }

    /// <summary>How far the job is after a step; one that was not full was the last.</summary>
    private static async Task<ReplayJob> MoveAsync(
        Guid id, int replayed, Guid position, bool isLast, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var progress = new NpgsqlCommand(
            $"""
            update command_center.replay_jobs
            set replayed = replayed + $2, position = $3, finished_at = case when $4 then now() end where id = $1
            returning {Columns}
            """, connection);
        progress.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        progress.Parameters.Add(new NpgsqlParameter<int> { TypedValue = replayed });
        progress.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = position });
        progress.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = isLast });
        await using var reader = await progress.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return Row(reader);
    }

    private sealed record Taken(Guid Id, string Actor, ReplayWish Wish, Guid Position, Guid UpTo);

    private static async Task<Taken?> TakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            select id, requested_by, ids, filter, position, up_to from command_center.replay_jobs
            where finished_at is null order by created_at limit 1 for update skip locked
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(
                reader.GetGuid(0), reader.GetString(1),
                new(
                    reader.IsDBNull(2) ? null : reader.GetFieldValue<Guid[]>(2),
                    JsonSerializer.Deserialize(reader.GetString(3), DeliveriesJson.Wire.DeliveryFilter)!),
                reader.GetGuid(4), reader.GetGuid(5))
            : null;
    }

    private static async Task<(List<(Guid Id, Guid NewId, string TenantId)> Replays, Guid Position)> NextAsync(
        Taken job, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand { Connection = connection };
        var conditions = Conditions(job.Wish, command.Parameters).And("d.id > ?", job.Position).And("d.id < ?", job.UpTo);
        command.CommandText =
            $"""
            select d.id, d.tenant_id, clock_timestamp() from command_center.deliveries d
            where {conditions} and {Replaying.Eligible} order by d.id limit {Step:D} for update of d
            """;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var replays = new List<(Guid, Guid, string)>();
        var position = job.Position;
        while (await reader.ReadAsync(cancellationToken))
        {
            position = reader.GetGuid(0);
            replays.Add((position, Guid.CreateVersion7(reader.GetFieldValue<DateTimeOffset>(2)), reader.GetString(1)));
        }
        return (replays, position);
    }

    /// <summary>
    /// What has been claimed since it was looked for is on its way, and is not sent twice. What waits in the queue is locked there, so that
    /// nobody claims it while its replay is made; nobody is waited for, since whoever records an attempt locks in the other order.
    /// </summary>
    private static async Task<List<(Guid Id, Guid NewId, string TenantId)>> FreeAsync(
        List<(Guid Id, Guid NewId, string TenantId)> found, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            with free as materialized (
                select delivery_id from command_center.delivery_queue
                where delivery_id = any ($1) and (lease_until is null or lease_until <= now()) for update skip locked
            )
            select delivery_id from command_center.delivery_queue
            where delivery_id = any ($1) and delivery_id not in (select delivery_id from free)
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. found.Select(one => one.Id)] });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var onTheirWay = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            onTheirWay.Add(reader.GetGuid(0));
        }
        return found.FindAll(one => !onTheirWay.Contains(one.Id));
    }

    private static DeliveryConditions Conditions(ReplayWish wish, NpgsqlParameterCollection parameters)
    {
        var conditions = new DeliveryConditions(parameters).AndAllOf(wish.Filter);
        return wish.Ids is null ? conditions : conditions.And("d.id = any (?)", wish.Ids);
    }

    private static NpgsqlParameter<string?> Text(string? value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static ReplayJob Row(NpgsqlDataReader row)
    {
        DateTimeOffset? finished = row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6);
        var (total, replayed) = (row.GetInt32(1), row.GetInt32(2));
        return new(
            row.GetGuid(0), finished is null ? "running" : "done", total, replayed, finished is null ? null : Math.Max(0, total - replayed),
            row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4), row.GetFieldValue<DateTimeOffset>(5), finished);
    }
}
