using AetherLink.CommandCenter.Insights.Anomalies.Feeding;
using AetherLink.CommandCenter.Insights.Anomalies.Living;
using AetherLink.CommandCenter.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Insights.Anomalies.Telling;

/// <summary>Writes what became of anomalies by their series. What a person has said of one is not touched.</summary>
internal static class AnomalyRecord
{
    private const string Raise =
        """
        insert into command_center.anomalies (id, group_id, tenant_id, series, kind, state, severity, since, last_seen, detected_at,
            score, observed, expected, deviations, ended_at)
        select id, group_id, tenant_id, series, kind, state, severity, since, last_seen, $10, score, observed, expected, deviations, ended_at
        from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $11, $12, $13, $14, $15) with ordinality as t (
            id, group_id, tenant_id, series, kind, state, severity, since, last_seen, score, observed, expected, deviations, ended_at, ord)
        order by ord
        """;

    // 2 is resolved: what nobody has judged is, when its series is back.
    private const string Change =
        """
        update command_center.anomalies a set last_seen = t.last_seen, score = t.score, observed = t.observed, expected = t.expected,
            deviations = t.deviations, severity = t.severity, ended_at = t.ended_at,
            state = case when t.ended_at is not null and a.state < 2 then 2 else a.state end
        from unnest($1, $2, $3, $4, $5, $6, $7, $8) as t (id, last_seen, score, observed, expected, deviations, severity, ended_at)
        where a.id = t.id
        """;

    public static void Write(BookChanges changes, DateTimeOffset now, NpgsqlBatch batch)
    {
        var all = changes.Anomalies.Values;
        // What ends makes room for what begins: a series has one at a time.
        List<Anomaly> changed = [.. all.Where(one => !changes.Raised.Contains(one.Anomaly.Id)).Select(one => one.Anomaly)];
        List<(Anomaly Anomaly, SeriesKind Kind)> raised = [.. all.Where(one => changes.Raised.Contains(one.Anomaly.Id))];
        if (changed.Count > 0)
        {
            batch.BatchCommands.Add(Changed(changed));
        }
        if (raised.Count > 0)
        {
            batch.BatchCommands.Add(Raised(raised, now));
        }
    }

    private static NpgsqlBatchCommand Changed(List<Anomaly> changed)
    {
        var command = new NpgsqlBatchCommand(Change);
        void Column<T>(NpgsqlDbType type, Func<Anomaly, T> value) => command.Parameters.AddColumn(type, changed, value);
        Column(NpgsqlDbType.Uuid, one => one.Id);
        Column(NpgsqlDbType.TimestampTz, one => one.LastSeen.UtcDateTime);
        Column(NpgsqlDbType.Double, one => one.Score);
        Column(NpgsqlDbType.Double, one => one.Observed);
        Column(NpgsqlDbType.Double, one => one.Expected);
        Column(NpgsqlDbType.Double, one => one.Deviations);
        Column(NpgsqlDbType.Smallint, one => (short)Wording.Severity(one.Deviations));
        Column(NpgsqlDbType.TimestampTz, one => one.EndedAt?.UtcDateTime);
        return command;
    }

    private static NpgsqlBatchCommand Raised(List<(Anomaly Anomaly, SeriesKind Kind)> raised, DateTimeOffset now)
    {
        var command = new NpgsqlBatchCommand(Raise);
        void Column<T>(NpgsqlDbType type, Func<Anomaly, T> value) => command.Parameters.AddColumn(type, raised, one => value(one.Anomaly));
        Column(NpgsqlDbType.Uuid, one => one.Id);
        Column(NpgsqlDbType.Uuid, one => one.GroupId);
        Column(NpgsqlDbType.Text, one => one.TenantId);
        Column(NpgsqlDbType.Text, one => one.Series);
        command.Parameters.AddColumn(NpgsqlDbType.Smallint, raised, one => (short)one.Kind);
        Column(NpgsqlDbType.Smallint, one => (short)one.State);
        Column(NpgsqlDbType.Smallint, one => (short)Wording.Severity(one.Deviations));
        Column(NpgsqlDbType.TimestampTz, one => one.Since.UtcDateTime);
        Column(NpgsqlDbType.TimestampTz, one => one.LastSeen.UtcDateTime);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
        Column(NpgsqlDbType.Double, one => one.Score);
        Column(NpgsqlDbType.Double, one => one.Observed);
        Column(NpgsqlDbType.Double, one => one.Expected);
        Column(NpgsqlDbType.Double, one => one.Deviations);
        Column(NpgsqlDbType.TimestampTz, one => one.EndedAt?.UtcDateTime);
        return command;
    }

    /// <summary>Those that have not ended, and those that began a moment ago, for the groups.</summary>
    public static async Task<List<Anomaly>> RecentAsync(NpgsqlConnection connection, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"{Columns} where ended_at is null or since >= $1 order by seq", connection);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = since.UtcDateTime });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var anomalies = new List<Anomaly>();
        while (await row.ReadAsync(cancellationToken))
        {
            anomalies.Add(Row(row));
        }
        return anomalies;
    }

    public const string Columns =
        """
        select seq, id, group_id, tenant_id, series, state, since, last_seen, score, observed, expected, deviations, ended_at,
            triaged_by, note, kind, triaged_at, detected_at
        from command_center.anomalies
        """;

    public static Anomaly Row(NpgsqlDataReader row) => new(
        row.GetGuid(1), row.GetGuid(2), row.GetString(3), row.GetString(4), (AnomalyState)row.GetInt16(5),
        row.GetFieldValue<DateTimeOffset>(6), row.GetFieldValue<DateTimeOffset>(7), row.GetDouble(8), row.GetDouble(9), row.GetDouble(10),
        row.GetDouble(11), row.IsDBNull(12) ? null : row.GetFieldValue<DateTimeOffset>(12), row.IsDBNull(13) ? null : row.GetString(13),
        row.IsDBNull(14) ? null : row.GetString(14));
}
