using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Querying;
using AetherLink.CommandCenter.Insights.Anomalies.Feeding;
using AetherLink.CommandCenter.Insights.Anomalies.Living;
using AetherLink.CommandCenter.Insights.Anomalies.Telling;
using AetherLink.CommandCenter.Insights.Summing;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Insights.Anomalies.Judging;

/// <summary>Which anomalies are asked for. An absent part matches everything.</summary>
internal sealed record AnomalyFilter(string? TenantId, string? Series, IReadOnlyList<AnomalyState> States, IReadOnlyList<Severity> Severities)
{
    /// <summary>Of a list only: those that are still to be looked at.</summary>
    public bool IsCurrent { get; init; }

    public DateTimeOffset? Since { get; init; }
}

/// <summary>Reads anomalies.</summary>
internal sealed class AnomalyReader(NpgsqlDataSource source)
{
    private const int MostOfAGroup = 50;

    /// <summary>Buckets of which points are shown, and how many of them before the beginning.</summary>
    private const int Points = 180;

    private const int PointsBefore = 60;

    /// <summary>In SQL, that a person has said what it is.</summary>
    public const string IsJudged = "triaged_by is not null and state in (2, 3)";

    /// <summary>What comes before a number, newest first.</summary>
    public async Task<IReadOnlyList<Incident>> ListAsync(AnomalyFilter filter, long before, int limit, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand();
        var conditions = Conditions(filter, command.Parameters).And("seq < ?", before);
        command.CommandText = $"{AnomalyRecord.Columns} {conditions} order by seq desc limit {limit:D}";
        return await ReadAsync(command, cancellationToken);
    }

    public async Task<(CurrentSummary Summary, DateTimeOffset? UpTo)> CurrentAsync(AnomalyFilter filter, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand();
        var conditions = Conditions(filter, command.Parameters);
        command.CommandText =
            $"""
            select count(*)::int, count(distinct group_id)::int, count(*) filter (where state = 0)::int,
                count(*) filter (where severity = 1)::int, count(*) filter (where severity = 2)::int,
                (select closed_to from command_center.series_progress)
            from command_center.anomalies {conditions}
            """;
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        var (total, open) = (row.GetInt32(0), row.GetInt32(2));
        var bySeverity = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            [Severity.Error.Name()] = row.GetInt32(4),
            [Severity.Warning.Name()] = row.GetInt32(3),
        };
        return (new(total, row.GetInt32(1), open, total - open, bySeverity), row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5));
    }

    public async Task<AnomalyDetail?> FindAsync(Guid id, string? tenant, CancellationToken cancellationToken)
    {
        if (await OneAsync(id, tenant, cancellationToken) is not { } incident)
        {
            return null;
        }
        await using var command = source.CreateCommand();
        command.CommandText = $"{AnomalyRecord.Columns} where group_id = $1 and id <> $2 and tenant_id = $3 order by seq desc limit {MostOfAGroup:D}";
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = incident.GroupId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = incident.TenantId });
        return new("ok", incident, await ReadAsync(command, cancellationToken), await PointsAsync(incident, cancellationToken));
    }

    private async Task<Incident?> OneAsync(Guid id, string? tenant, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand();
        command.CommandText = $"{AnomalyRecord.Columns} where id = $1 and ($2 is null or tenant_id = $2)";
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    private async Task<IReadOnlyList<SeriesPoint>> PointsAsync(Incident incident, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            $"""
            select p.at, p.points, s.id, s.kind from command_center.series_points p, command_center.series s
            where s.tenant_id = $1 and s.name = $2 and p.at >= $3 order by p.at limit {Points:D}
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = incident.TenantId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = incident.Series });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (incident.Since - (PointsBefore * Bucket.Width)).UtcDateTime });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var (points, buffer) = (new List<SeriesPoint>(), new PointsBuffer());
        while (await row.ReadAsync(cancellationToken))
        {
            var value = PointsFormat.Find(buffer.Read(row, 1), row.GetInt32(2));
            if (value is not null || (SeriesKind)row.GetInt16(3) is SeriesKind.Count)
            {
                points.Add(new(row.GetFieldValue<DateTimeOffset>(0), Wording.Rounded(value ?? 0)));
            }
        }
        return points;
    }

    public async Task<AnomalyStats> StatsAsync(string? tenant, DateTimeOffset since, int hours, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            $"""
            select state, severity, kind, judged, sum(anomalies)::int from {SummedSpan.Anomalies} a group by 1, 2, 3, 4 having sum(anomalies) > 0
            """);
        SummedSpan.Of(since, summedTo: null).AddTo(command.Parameters, tenant);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var (total, judged, wrong) = (0, 0, 0);
        var byState = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var bySeverity = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var byKind = new SortedDictionary<string, KindStats>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellationToken))
        {
            var (state, severity, kind, count) = ((AnomalyState)row.GetInt16(0), ((Severity)row.GetInt16(1)).Name(), row.GetString(2), row.GetInt32(4));
            var (seen, called) = (row.GetBoolean(3) ? count : 0, state is AnomalyState.FalsePositive ? count : 0);
            (total, judged, wrong) = (total + count, judged + seen, wrong + called);
            byState[state.Name()] = byState.GetValueOrDefault(state.Name()) + count;
            bySeverity[severity] = bySeverity.GetValueOrDefault(severity) + count;
            var before = byKind.GetValueOrDefault(kind) ?? new(0, 0, 0);
            byKind[kind] = new(before.Total + count, before.Judged + seen, before.FalsePositives + called);
        }
        return new("ok", hours, total, byState, bySeverity, judged, wrong, judged == 0 ? null : Math.Round(100.0 * wrong / judged, 2), byKind);
    }

    private static EventConditions Conditions(AnomalyFilter filter, NpgsqlParameterCollection parameters)
    {
        var conditions = new EventConditions(parameters).AndIf("tenant_id = ?", filter.TenantId).AndIf("since >= ?", filter.Since?.UtcDateTime);
        if (filter.Series is { } series)
        {
            conditions.And("starts_with(series, ?)", series);
        }
        if (filter.States.Count > 0)
        {
            conditions.And("state = any (?)", filter.States.Select(state => (short)state).ToArray());
        }
        if (filter.Severities.Count > 0)
        {
            conditions.And("severity = any (?)", filter.Severities.Select(severity => (short)severity).ToArray());
        }
        // As the index has it, so that the planner sees that it will do.
        return filter.IsCurrent ? conditions.And("state < 2 and ended_at is null and seq > ?", 0L) : conditions;
    }

    private static async Task<List<Incident>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var incidents = new List<Incident>();
        while (await row.ReadAsync(cancellationToken))
        {
            incidents.Add(Of(row));
        }
        return incidents;
    }

    public static Incident Of(NpgsqlDataReader row)
    {
        var anomaly = AnomalyRecord.Row(row);
        return Of(
            anomaly, (SeriesKind)row.GetInt16(15), row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(17),
            row.IsDBNull(16) ? null : row.GetFieldValue<DateTimeOffset>(16));
    }

    public static Incident Of(Anomaly anomaly, SeriesKind kind, long sequence, DateTimeOffset detectedAt, DateTimeOffset? triagedAt) => new(
        sequence, anomaly.Id, anomaly.GroupId, anomaly.TenantId, anomaly.Series, Wording.Severity(anomaly.Deviations), anomaly.State,
        Wording.Rounded(anomaly.Observed), Wording.Rounded(anomaly.Expected), Wording.Rounded(anomaly.Deviations), Wording.Rounded(anomaly.Score),
        anomaly.Since, anomaly.LastSeen, detectedAt, anomaly.EndedAt, anomaly.TriagedBy, triagedAt, anomaly.Note,
        Wording.Message(anomaly.Series, kind, anomaly.Observed, anomaly.Expected));
}
