using AetherLink.AutoHeal.Healing;
using AetherLink.AutoHeal.History;
using AetherLink.ServiceDefaults;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AetherLink.AutoHeal.Storage;

/// <summary>Heals in Postgres.</summary>
internal sealed class HealStore(
    NpgsqlDataSource database, IDbContextFactory<HealContext> contexts, HealJournal journal, HealClock clock, ServiceIdentity identity)
{
    /// <summary>Any number, the same in every replica.</summary>
    internal const long DecisionLock = 0x6865616c;

    private const string Columns =
        "id, target, kind, action, reason, requested_by, forced, healer, streak, failing_since, started_at, finished_at, success, verified, message, trace_id, escalated_at";

    /// <summary>The heals of the last hour, by the clock that all replicas share; that clock's time comes before them.</summary>
    private const string Recent = $"select clock_timestamp(); select {Columns} from auto_heal.heals where started_at > clock_timestamp() - interval '1 hour' order by started_at";

    /// <summary>One replica at a time decides, seeing what the others have decided before. All of it goes by one connection.</summary>
    public async Task ClaimAsync(Func<IReadOnlyList<Heal>, Heal?> decide, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var take = new NpgsqlCommand("select pg_advisory_xact_lock($1)", connection, transaction))
        {
            take.Parameters.AddWithValue(DecisionLock);
            await take.ExecuteNonQueryAsync(cancellationToken);
        }

        if (decide(await RecentAsync(connection, transaction, cancellationToken)) is not { } heal)
            return;
        await UpsertAsync([heal], connection, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public async Task StoreAsync(IReadOnlyList<Heal> heals, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await UpsertAsync(heals, connection, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The heals of the last hour. What Postgres' clock says is heard with them.</summary>
    public async Task<IReadOnlyList<Heal>> RecentAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await RecentAsync(connection, null, cancellationToken);
    }

    private async Task<IReadOnlyList<Heal>> RecentAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancellationToken)
    {
        await using var ask = new NpgsqlCommand(Recent, connection, transaction);
        await using var answer = await ask.ExecuteReaderAsync(cancellationToken);
        await answer.ReadAsync(cancellationToken);
        if (clock.Heard(await answer.GetFieldValueAsync<DateTimeOffset>(0, cancellationToken)) is { } moved && moved.Duration() > HealClock.Tolerance)
            journal.Redate(identity.Instance, moved);
        await answer.NextResultAsync(cancellationToken);
        return await ReadAsync(answer, cancellationToken);
    }

    public async Task<(IReadOnlyList<Heal> Heals, int Total)> NewestAsync(int limit, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var ended = context.Heals.AsNoTracking().Where(heal => heal.FinishedAt != null);
        return (
            await ended.OrderByDescending(heal => heal.StartedAt).ThenByDescending(heal => heal.Id).Take(limit).ToListAsync(cancellationToken),
            await ended.CountAsync(cancellationToken));
    }

    /// <summary>How many heals of each target succeeded and failed.</summary>
    public async Task<IReadOnlyList<HealCount>> CountAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Heals.Where(heal => heal.FinishedAt != null)
            .GroupBy(heal => new { heal.Target, heal.Success })
            .Select(group => new HealCount(group.Key.Target, group.Key.Success, group.Count()))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Closes what was under way when its healer ended, and has not come back since.</summary>
    /// <returns>What was closed: each by one replica.</returns>
    public async Task<IReadOnlyList<Heal>> CloseAsync(TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var close = database.CreateCommand(
            $"update auto_heal.heals set finished_at = clock_timestamp(), message = $1 where finished_at is null and started_at < clock_timestamp() - $2 returning {Columns}");
        close.Parameters.AddWithValue(Heal.OfEndedHealer);
        close.Parameters.AddWithValue(lease);
        await using var closed = await close.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(closed, cancellationToken);
    }

    /// <summary>Drops what is older than the retention.</summary>
    /// <remarks>A clock that was set ahead by mistake costs no history: of this healer's and Postgres' the one that is behind counts.</remarks>
    public async Task TidyAsync(DateTimeOffset now, TimeSpan retention, CancellationToken cancellationToken)
    {
        var oldBefore = await SlowerAsync(now, cancellationToken) - retention;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Heals.Where(heal => heal.StartedAt < oldBefore).ExecuteDeleteAsync(cancellationToken);
        await context.Windows.Where(window => window.Until < oldBefore).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>
    /// Notes that the brake is engaged, or is not. What a healer that has died left engaged counts for a minute, by the clock that all
    /// replicas share.
    /// </summary>
    /// <returns>Whether that is new.</returns>
    public async Task<bool> ChangeBrakeAsync(bool engaged, CancellationToken cancellationToken)
    {
        await using var change = database.CreateCommand(
            "update auto_heal.brake set engaged = $1, at = now() where engaged <> $1 or (engaged and at < now() - interval '1 minute')");
        change.Parameters.AddWithValue(engaged);
        return await change.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    public async Task KeepBrakeAsync(CancellationToken cancellationToken)
    {
        await using var keep = database.CreateCommand("update auto_heal.brake set at = now() where engaged");
        await keep.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Takes the duty, or keeps it. Who has not kept it for ten seconds, by the clock that all replicas share, is relieved.</summary>
    /// <returns>Whether others have asked for it lately; null where it is another's.</returns>
    public async Task<bool?> TakeDutyAsync(Guid holder, CancellationToken cancellationToken)
    {
        await using var take = database.CreateCommand(
            """
            insert into auto_heal.duty (holder, at) values ($1, clock_timestamp())
            on conflict (is_one) do update set holder = excluded.holder, at = excluded.at,
                other_at = case when duty.holder = excluded.holder then duty.other_at end
            where duty.holder = excluded.holder or duty.at not between excluded.at - interval '10 seconds' and excluded.at + interval '10 seconds'
            returning coalesce(duty.other_at > clock_timestamp() - interval '10 seconds', false)
            """);
        take.Parameters.AddWithValue(holder);
        if (await take.ExecuteScalarAsync(cancellationToken) is bool hasOthers)
            return hasOthers;
        await using var ask = database.CreateCommand("update auto_heal.duty set other_at = clock_timestamp()");
        await ask.ExecuteNonQueryAsync(cancellationToken);
        return null;
    }

    private async Task<DateTimeOffset> SlowerAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var slower = database.CreateCommand("select least($1, clock_timestamp())");
        slower.Parameters.AddWithValue(now.ToUniversalTime());
        return new((DateTime)(await slower.ExecuteScalarAsync(cancellationToken))!);
    }

    private static async Task<IReadOnlyList<Heal>> ReadAsync(NpgsqlDataReader answer, CancellationToken cancellationToken)
    {
        var heals = new List<Heal>();
        while (await answer.ReadAsync(cancellationToken))
            heals.Add(Of(answer));
        return heals;
    }

    /// <summary>By the order of <see cref="Columns"/>.</summary>
    private static Heal Of(NpgsqlDataReader row)
    {
        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        DateTimeOffset? Time(int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
        return new Heal
        {
            Id = row.GetGuid(0),
            Target = row.GetString(1),
            Kind = row.GetString(2),
            Action = row.GetString(3),
            Reason = row.GetString(4),
            RequestedBy = Text(5),
            Forced = row.GetBoolean(6),
            Healer = row.GetString(7),
            Streak = row.GetInt32(8),
            FailingSince = row.GetFieldValue<DateTimeOffset>(9),
            StartedAt = row.GetFieldValue<DateTimeOffset>(10),
            FinishedAt = Time(11),
            Success = row.GetBoolean(12),
            Verified = row.GetBoolean(13),
            Message = row.GetString(14),
            TraceId = Text(15),
            EscalatedAt = Time(16),
        };
    }

    private static async Task UpsertAsync(
        IReadOnlyList<Heal> heals, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var heal in heals)
        {
            var command = new NpgsqlBatchCommand(
                $"""
                insert into {HealContext.Schema}.heals ({Columns})
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
                on conflict (id) do update set finished_at = excluded.finished_at, success = excluded.success,
                    verified = excluded.verified, message = excluded.message, escalated_at = excluded.escalated_at,
                    trace_id = coalesce(excluded.trace_id, heals.trace_id)
                where excluded.finished_at is not null or excluded.escalated_at is not null
                """);
            object?[] values =
            [
                heal.Id, heal.Target, heal.Kind, heal.Action, heal.Reason, heal.RequestedBy, heal.Forced, heal.Healer, heal.Streak,
                heal.FailingSince.ToUniversalTime(), heal.StartedAt.ToUniversalTime(), heal.FinishedAt?.ToUniversalTime(),
                heal.Success, heal.Verified, heal.Message, heal.TraceId, heal.EscalatedAt?.ToUniversalTime(),
            ];
            foreach (var value in values)
                command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}

internal sealed record HealCount(string Target, bool Success, int Count);
