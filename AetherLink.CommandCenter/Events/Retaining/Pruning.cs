using System.Data;
using System.Globalization;
using AetherLink.CommandCenter.Storage;
using Npgsql;

namespace AetherLink.CommandCenter.Events.Retaining;

/// <summary>What one pruning removed.</summary>
internal readonly record struct Pruned(string? TenantId, int RetentionDays, DateTimeOffset Before, long Events);

/// <summary>Which partitions are over, as a pure decision.</summary>
internal static class Partitions
{
    private const string Prefix = "events_";

    /// <summary>Those whose whole day lies before the bound.</summary>
    public static IEnumerable<string> Before(IEnumerable<string> partitions, DateTimeOffset bound) =>
        partitions.Where(partition => DayOf(partition) is { } day && day.AddDays(1).ToDateTime(TimeOnly.MinValue) <= bound.UtcDateTime);

    private static DateOnly? DayOf(string partition) =>
        partition.StartsWith(Prefix, StringComparison.Ordinal)
        && DateOnly.TryParseExact(partition.AsSpan(Prefix.Length), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;
}

/// <summary>Makes the partitions of the days ahead, and removes what is beyond its retention.</summary>
internal sealed class Pruning(NpgsqlDataSource source, TimeProvider clock)
{
    private const int DaysAhead = 7;

    /// <summary>How long an event id is remembered.</summary>
    private static readonly TimeSpan KeysAreKept = TimeSpan.FromDays(7);

    /// <summary>The lock of the one replica that prunes: 'prune' in ASCII.</summary>
    private const long PruneLock = 0x7072756e65;

    /// <summary>Rows a statement when rows are deleted: a short transaction, so that it does not hold up the others.</summary>
    private const int Chunk = 10_000;

    /// <summary>None: to count or to search a busy day takes longer than the default of 30 s, and the stop of the host ends it.</summary>
    private const int CommandTimeout = 0;

    /// <summary>What is gone; null when another replica is at it.</summary>
    public async Task<IReadOnlyList<Pruned>?> PruneAsync(RetentionPolicies policies, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        if (await ScalarAsync(connection, $"select pg_try_advisory_lock({PruneLock})", cancellationToken) is not true)
        {
            return null;
        }
        try
        {
            // A partition needs a lock that waits for running readers, and lets nobody past while it waits.
            await ExecuteAsync(connection, "set lock_timeout = '2s'", cancellationToken);
            await ExecuteAsync(connection, $"select command_center.ensure_partitions({DaysAhead})", cancellationToken);
            return await RemoveAsync(connection, policies, cancellationToken);
        }
        finally
        {
            // A connection that broke has lost the lock with it.
            if (connection.State is ConnectionState.Open)
            {
                await ExecuteAsync(connection, $"reset lock_timeout; select pg_advisory_unlock({PruneLock})", CancellationToken.None);
            }
        }
    }

    private async Task<List<Pruned>> RemoveAsync(
        NpgsqlConnection connection, RetentionPolicies policies, CancellationToken cancellationToken)
    {
        var now = await SlowerClock.NowAsync(connection, clock, cancellationToken);
        var pruned = new List<Pruned>();
        await DeleteAsync(connection, "event_keys", "received_at < @before", now - KeysAreKept, null, cancellationToken);

        // Before the partitions: what is left in those is of whoever wants the longest.
        foreach (var (tenant, days) in policies.Tenants.Where(policy => policy.Value < policies.LongestDays))
        {
            await DeleteOfAsync(tenant, days, "tenant_id = any (@tenants)", [tenant]);
        }
        if (policies.RetentionDays < policies.LongestDays)
        {
            await DeleteOfAsync(null, policies.RetentionDays, "tenant_id <> all (@tenants)", [.. policies.Tenants.Keys]);
        }

        var longest = now.AddDays(-policies.LongestDays);
        var dropped = new List<Pruned>();
        foreach (var partition in Partitions.Before(await PartitionsAsync(connection, cancellationToken), longest))
        {
            dropped.AddRange(await DropAsync(connection, partition, policies, longest, cancellationToken));
        }
        pruned.AddRange(dropped.GroupBy(one => one.TenantId).Select(own => own.First() with { Events = own.Sum(one => one.Events) }));
        await DeleteAsync(connection, "event_counts", "hour < @before", longest, null, cancellationToken);
        // Sums of days that are gone wholly.
        await DeleteAsync(connection, "event_days", "hour < @before - interval '1 day'", longest, null, cancellationToken);
        await DeleteAsync(connection, "trend_hours", "hour < @before - interval '1 day'", longest, null, cancellationToken);
        await DeleteAsync(connection, "feed_minutes", "minute < @before", longest, null, cancellationToken);
        // Of a day of which something may be left, all hours.
        await DeleteAsync(connection, "event_sources", "hour < @before - interval '1 day'", longest, null, cancellationToken);
        await DeleteAsync(connection, "ai_usage_hours", "hour < @before", longest, null, cancellationToken);
        await DeleteAsync(connection, "ai_days", "day < @before - interval '1 day'", longest, null, cancellationToken);
        await DeleteAsync(connection, "ai_calls", "called_at < @before", longest, null, cancellationToken);
        await DeleteAsync(connection, "announced_changes", "changed_at < @before", longest, null, cancellationToken);
        return pruned;

        async Task DeleteOfAsync(string? tenant, int days, string whose, string[] tenants)
        {
            var before = now.AddDays(-days);
            var events = await DeleteAsync(
                connection, "events", $"received_at < @before and {whose}", before, tenants, cancellationToken, new(tenant, days, before, 0));
            await DeleteAsync(connection, "event_counts", $"hour < @before and {whose}", before, tenants, cancellationToken);
            await DeleteAsync(connection, "event_days", $"hour < @before - interval '1 day' and {whose}", before, tenants, cancellationToken);
            await DeleteAsync(connection, "trend_hours", $"hour < @before - interval '1 day' and tenant_id <> '' and {whose}", before, tenants, cancellationToken);
            if (events > 0)
            {
                pruned.Add(new(tenant, days, before, events));
            }
        }
    }

    /// <summary>
    /// Counted and noted in the transaction that drops it: the day is gone and told of, or is still there. A tenant with a policy of
    /// its own is told of its own.
    /// </summary>
    private static async Task<List<Pruned>> DropAsync(
        NpgsqlConnection connection, string partition, RetentionPolicies policies, DateTimeOffset longest, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var gone = new List<Pruned>();
        await using (var count = new NpgsqlCommand(
            $"select case when tenant_id = any (@own) then tenant_id end, count(*) from command_center.{partition} group by 1", connection, transaction)
        { CommandTimeout = CommandTimeout })
        {
            count.Parameters.AddWithValue("own", policies.Tenants.Keys.ToArray());
            await using var row = await count.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
            {
                gone.Add(new(row.IsDBNull(0) ? null : row.GetString(0), policies.LongestDays, longest, row.GetInt64(1)));
            }
        }
        foreach (var pruned in gone)
        {
            await using var note = new NpgsqlCommand(PruningNews.Note("(select @events::bigint as events) gone", "@events"), connection, transaction);
            note.Parameters.AddWithValue("events", pruned.Events);
            PruningNews.AddParameters(note, pruned);
            await note.ExecuteNonQueryAsync(cancellationToken);
        }
        await ExecuteAsync(connection, $"drop table command_center.{partition}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return gone;
    }

    /// <summary>In short transactions, each of which notes what it removed if it is to be told of.</summary>
    private static async Task<long> DeleteAsync(
        NpgsqlConnection connection, string table, string condition, DateTimeOffset before, string[]? tenants,
        CancellationToken cancellationToken, Pruned? told = null)
    {
        await using var command = new NpgsqlCommand(
            $"""
            with gone as (
                delete from command_center.{table} where (tableoid, ctid) in
                    (select tableoid, ctid from command_center.{table} where {condition} limit {Chunk:D})
                returning 1
            ){(told is null ? "" : $", noted as ({PruningNews.Note("gone", "count(*)")})")}
            select count(*) from gone
            """, connection)
        { CommandTimeout = CommandTimeout };
        command.Parameters.AddWithValue(PruningNews.BeforeParameter, before.UtcDateTime);
        if (tenants is not null)
        {
            command.Parameters.AddWithValue("tenants", tenants);
        }
        if (told is { } pruned)
        {
            PruningNews.AddParameters(command, pruned);
        }
        var total = 0L;
        long deleted;
        do
        {
            deleted = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
            total += deleted;
        }
        while (deleted == Chunk);
        return total;
    }

    private static async Task<List<string>> PartitionsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select relid::regclass::text from pg_partition_tree('command_center.events') where isleaf order by 1", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(reader.GetString(0).Split('.')[^1]);
        }
        return names;
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = CommandTimeout };
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = CommandTimeout };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
