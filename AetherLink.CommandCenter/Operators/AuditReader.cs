using AetherLink.CommandCenter.Events.Querying;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Operators;

/// <summary>Which entries are meant.</summary>
internal sealed record AuditFilter(
    string? Actor, string? Action, string? Target, string? TenantId, DateTimeOffset? Since, DateTimeOffset? Until);

/// <summary>Reads the audit, and checks it.</summary>
internal sealed class AuditReader(NpgsqlDataSource source, ChainSealing sealing)
{
    /// <summary>A walk costs Postgres some seconds for each million of entries: one at a time.</summary>
    internal const string VerifyingLock = "command_center.operator_audit.verifying";

    internal const string Columns = "seq, at, actor, roles, tenant_id, action, target, before, after, address, trace_id, hash, subject";

    /// <summary>What comes before a number, newest first.</summary>
    public async Task<IReadOnlyList<ChainedEntry>> ListAsync(AuditFilter filter, long before, int limit, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand();
        // The times again, as bounds of the numbers, by which the list is ordered: it begins and ends where it should. The clocks of
        // replicas may be apart; an hour is more than any.
        var conditions = Conditions(filter, command.Parameters)
            .And("seq < ?", before)
            .AndIf("seq > coalesce((select o.seq from command_center.operator_audit o where o.at < ? order by o.at desc limit 1), 0)", Near(filter.Since, -1))
            .AndIf("seq < coalesce((select o.seq from command_center.operator_audit o where o.at >= ? order by o.at limit 1), 9223372036854775807)", Near(filter.Until, 1));
        command.CommandText = $"select {Columns} from command_center.operator_audit {conditions} order by seq desc limit {limit:D}";
        var entries = new List<ChainedEntry>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(Row(reader));
        }
        return entries;
    }

    /// <summary>How many there are of each since a time, the most frequent first.</summary>
    /// <param name="tenant">Whose; null for everybody's.</param>
    /// <param name="since">The first time that counts.</param>
    /// <param name="hours">As it was asked.</param>
    /// <param name="most">So many actors are told.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<AuditStatsAnswer> CountAsync(string? tenant, DateTimeOffset since, int hours, int most, CancellationToken cancellationToken)
    {
        // Entry by entry to the end of the first day, and from there on the sums of whole days: a year has a hundred thousand entries.
        await using var command = source.CreateCommand(
            """
            select kind, name, sum(entries)::bigint from (
                select kind, name, entries from command_center.operator_audit_days
                where whose = coalesce($1, '') and day > ($2 at time zone 'UTC')::date
                union all
                select n.kind, n.name, 1 from command_center.operator_audit cross join lateral (values (0::smallint, action), (1::smallint, actor)) n (kind, name)
                where at >= $2 and at < (date_trunc('day', $2 at time zone 'UTC') + interval '1 day') at time zone 'UTC' and ($1 is null or tenant_id = $1)
            ) counted group by kind, name
            """);
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = since.UtcDateTime });
        var (byAction, byActor) = (new Dictionary<string, long>(StringComparer.Ordinal), new Dictionary<string, long>(StringComparer.Ordinal));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            (row.GetInt16(0) == 0 ? byAction : byActor)[row.GetString(1)] = row.GetInt64(2);
        }
        return new("ok", hours, byAction.Values.Sum(), Frequent(byAction, int.MaxValue), Frequent(byActor, most));
    }

    private static Dictionary<string, long> Frequent(Dictionary<string, long> counts, int most) => counts
        .OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal).Take(most).ToDictionary(StringComparer.Ordinal);

    /// <summary>Walks all of the chain, as it stood when it began; null while somebody else does, at whatever replica.</summary>
    public async Task<AuditVerification?> VerifyAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        // One snapshot: what is written meanwhile belongs neither to the head nor to the entries.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        await using (var turn = new NpgsqlCommand($"select pg_try_advisory_xact_lock(hashtext('{VerifyingLock}'))", connection))
        {
            if (await turn.ExecuteScalarAsync(cancellationToken) is not true)
            {
                return null;
            }
        }
        var (head, seal) = await OperatorAudit.HeadAsync(connection, "", cancellationToken);
        var check = new ChainCheck(head);
        var unsealed = !sealing.IsSealed(head, seal) ? head.Seq + 1 : head.ResealedSeq;
        await using var command = new NpgsqlCommand($"select {Columns} from command_center.operator_audit order by seq", connection) { CommandTimeout = 0 };
        BrokenLink? broken = null;
        await using (var row = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (broken is null && await row.ReadAsync(cancellationToken))
            {
                broken = check.Follow(Row(row));
            }
        }
        broken ??= check.End();
        // Where a link is broken says more than that the seal does not hold.
        if (broken is null && unsealed > head.PrunedSeq)
        {
            broken = new(unsealed, $"The seal before entry {unsealed} is not of this mesh's key: the end was written anew then, or the key was changed.");
        }
        return new(
            broken is null ? "intact" : "broken", check.Checked, head.PrunedSeq + 1, head.Seq, Convert.ToHexStringLower(head.Hash), broken);
    }

    private static EventConditions Conditions(AuditFilter filter, NpgsqlParameterCollection parameters) => new EventConditions(parameters)
        .And("?", true)
        .AndIf("actor = ?", filter.Actor)
        .AndIf("action = ?", filter.Action)
        .AndIf("target = ?", filter.Target)
        .AndIf("tenant_id = ?", filter.TenantId)
        .AndIf("at >= ?", filter.Since?.UtcDateTime)
        .AndIf("at < ?", filter.Until?.UtcDateTime);

    /// <summary>An hour off; null where there is no such time.</summary>
    private static DateTime? Near(DateTimeOffset? time, int hours) =>
        time is { Year: > 1 and < 9999 } given ? given.UtcDateTime.AddHours(hours) : null;

    internal static ChainedEntry Row(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        new(
            row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.GetFieldValue<string[]>(3), Text(row, 4), row.GetString(5), row.GetString(6),
            Text(row, 7), Text(row, 8), Text(row, 9), Text(row, 10), Text(row, 12)),
        row.GetFieldValue<byte[]>(11));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
