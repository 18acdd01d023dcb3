using AetherLink.AutoHeal.History;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AetherLink.AutoHeal.Storage;

/// <summary>Heals in Postgres.</summary>
internal sealed class HealStore(NpgsqlDataSource database, IDbContextFactory<HealContext> contexts)
{
    /// <summary>Any number, the same in every replica.</summary>
    private const long DecisionLock = 0x6865616c;

    private const string Columns =
        "id, target, kind, action, reason, requested_by, forced, healer, streak, failing_since, started_at, finished_at, success, verified, message, trace_id, escalated_at";

    /// <summary>One replica at a time decides, seeing what the others have decided before.</summary>
    public async Task ClaimAsync(
        DateTimeOffset since, Func<IReadOnlyList<Heal>, Heal?> decide, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var take = new NpgsqlCommand("select pg_advisory_xact_lock($1)", connection, transaction))
        {
            take.Parameters.AddWithValue(DecisionLock);
            await take.ExecuteNonQueryAsync(cancellationToken);
        }

        if (decide(await RecentAsync(since, cancellationToken)) is not { } heal)
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

    public async Task<IReadOnlyList<Heal>> RecentAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Heals.AsNoTracking().Where(heal => heal.StartedAt > since)
            .OrderBy(heal => heal.StartedAt).ToListAsync(cancellationToken);
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

    /// <summary>Closes what was under way when its healer ended, and drops what is older than the retention.</summary>
    /// <remarks>A clock that was set ahead by mistake costs no history: of this healer's and Postgres' the one that is behind counts.</remarks>
    public async Task TidyAsync(DateTimeOffset now, TimeSpan lease, TimeSpan retention, CancellationToken cancellationToken)
    {
        now = await SlowerAsync(now, cancellationToken);
        var (abandonedBefore, oldBefore) = (now - lease, now - retention);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var message = "The healer ended during this heal.";
        await context.Heals.Where(heal => heal.FinishedAt == null && heal.StartedAt < abandonedBefore).ExecuteUpdateAsync(
            row => row.SetProperty(heal => heal.FinishedAt, now).SetProperty(heal => heal.Message, message), cancellationToken);
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

    private async Task<DateTimeOffset> SlowerAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var slower = database.CreateCommand("select least($1, clock_timestamp())");
        slower.Parameters.AddWithValue(now.ToUniversalTime());
        return new((DateTime)(await slower.ExecuteScalarAsync(cancellationToken))!);
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
