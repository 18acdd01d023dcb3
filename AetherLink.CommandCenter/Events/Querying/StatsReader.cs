using Npgsql;

namespace AetherLink.CommandCenter.Events.Querying;

/// <summary>Reads the counts that each commit keeps by the hour, so that no statistic has to count events.</summary>
internal sealed class StatsReader(NpgsqlDataSource source, TimeProvider clock)
{
    private readonly record struct Row(DateTimeOffset Hour, string Type, Severity Severity, long Events);

    public async Task<EventStats> ReadAsync(string? tenant, int hours, CancellationToken cancellationToken)
    {
        var current = HourOf(clock.GetUtcNow());
        var first = current.AddHours(1 - hours);
        var lastDay = current.AddHours(1 - 24);
        var (total, rows) = await ReadAsync(tenant, first < lastDay ? first : lastDay, cancellationToken);
        var asked = rows.Where(row => row.Hour >= first).ToList();
        var byHour = asked.GroupBy(row => row.Hour).ToDictionary(hour => hour.Key, hour => hour.Sum(row => row.Events));
        return new(
            "ok",
            total,
            rows.Where(row => row.Hour >= lastDay).Sum(row => row.Events),
            Enum.GetValues<Severity>().ToDictionary(
                severity => severity.Name(), severity => asked.Where(row => row.Severity == severity).Sum(row => row.Events)),
            asked.GroupBy(row => row.Type).OrderByDescending(type => type.Sum(row => row.Events))
                .ToDictionary(type => type.Key, type => type.Sum(row => row.Events)),
            [.. Enumerable.Range(0, hours).Select(n => first.AddHours(n))
                .Select(hour => new HourCount(hour, byHour.GetValueOrDefault(hour)))]);
    }

    private async Task<(long Total, List<Row> Rows)> ReadAsync(
        string? tenant, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            select hour, event_type, severity, sum(events)::bigint
            from command_center.event_counts
            where hour >= $2 and ($1::text is null or tenant_id = $1)
            group by hour, event_type, severity
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)tenant ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = since.UtcDateTime });
        var rows = new List<Row>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(new(reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), (Severity)reader.GetInt16(2), reader.GetInt64(3)));
            }
        }
        return (await TotalAsync(tenant, cancellationToken), rows);
    }

    private async Task<long> TotalAsync(string? tenant, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            "select coalesce(sum(events), 0)::bigint from command_center.event_counts where $1::text is null or tenant_id = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)tenant ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    internal static DateTimeOffset HourOf(DateTimeOffset time) => new(time.Year, time.Month, time.Day, time.Hour, 0, 0, TimeSpan.Zero);
}
