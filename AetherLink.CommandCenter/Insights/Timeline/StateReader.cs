using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Insights.Anomalies.Feeding;
using AetherLink.CommandCenter.Mesh;
using AetherLink.ServiceDefaults;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Insights.Timeline;

/// <summary>Reads how the mesh stood at the end of a minute, from the events and the alerts.</summary>
internal sealed class StateReader(NpgsqlDataSource source, HealthBoard board, ServiceIdentity identity)
{
    /// <summary>Of each type of event, before the time and after it: services fail seldom, and most of what is asked for is near.</summary>
    private const int MostNews = 2_000;

    private const int MostAlerts = 200;

    private const int MostCounted = 10_000;

    private static readonly string[] Types =
        [EventTypes.ServiceHealthFailed, EventTypes.ServiceHealthRecovered, EventTypes.ServiceRegistered, EventTypes.ServiceUnregistered];

    private static readonly string[] Heals =
        [EventTypes.AutohealAttempted, EventTypes.AutohealSucceeded, EventTypes.AutohealFailed, EventTypes.AutohealSuppressed];

    // The first number after a time: times never run backwards along the numbers.
    private const string Numbers =
        """
        select coalesce((select first_seq from command_center.feed_minutes where minute >= $1 order by minute limit 1), 9223372036854775807),
               coalesce((select first_seq from command_center.feed_minutes where minute >= $1 - interval '1 hour' order by minute limit 1), 9223372036854775807)
        """;

    // Each type by itself, along its index, and written out: only so does the planner know how rare it is. The mesh's own are of no tenant's;
    // what a tenant, or somebody who may publish, calls by their names is not of the mesh.
    private string News(IEnumerable<string> types, string range, string order)
    {
        var each = types.Select(type =>
            $"""
            (select seq, event_type, payload, received_at, coalesce(payload ->> 'name', payload ->> 'service') as name from command_center.events
            where event_type = '{type}' and tenant_id = '{SeriesKey.MeshTenant}' and {Believed.Sql(identity.Resource)} and {range} order by seq {order} limit {MostNews:D})
            """);
        return
            $"""
            select distinct on (name) name, event_type, payload ->> 'status', payload ->> 'error', payload ->> 'action', payload ->> 'reason', received_at
            from ({string.Join(" union all ", each)}) e where name is not null order by name, seq {order}
            """;
    }

    private static readonly string Alerts =
        $"""
        with open as materialized (
            select * from command_center.alerts
            where tstzrange(raised_at, greatest(raised_at, coalesce(resolved_at, 'infinity'))) @> $1 and ($2 is null or tenant_id = $2) limit {MostCounted + 1:D}
        )
        select alert_id, rule_name, tenant_id, group_key, alert_severity, raised_at, acknowledged_at is not null and acknowledged_at <= $1,
            silenced_at is not null and silenced_at <= $1, count(*) over (partition by alert_severity)
        from open order by seq desc
        """;

    public async Task<MeshState> ReadAsync(DateTimeOffset at, string? tenant, CancellationToken cancellationToken)
    {
        var (end, begin) = await NumbersAsync(at, cancellationToken);
        var before = await NewsAsync(News(Types, "seq < $1", "desc"), end, null, cancellationToken);
        var after = await NewsAsync(News(Types, "seq >= $1", "asc"), end, null, cancellationToken);
        var heals = await NewsAsync(News(Heals, "seq < $1 and seq >= $2", "desc"), end, begin, cancellationToken);
        var (alerts, counts, counted) = await AlertsAsync(at, tenant, cancellationToken);
        return new(
            "ok", at, PastServices.At([.. before.Select(one => one.News)], [.. after.Select(one => one.News)], board.Current.Services, at), alerts, counts,
            counted > MostCounted,
            [.. heals.OrderByDescending(one => one.News.At).Select(one => new HealState(
                one.News.Name, one.News.EventType == EventTypes.AutohealAttempted ? "running" : one.News.EventType.Split('.')[^1], one.Action, one.Reason, one.News.At))]);
    }

    private async Task<(long End, long Begin)> NumbersAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(Numbers);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = at.UtcDateTime });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (row.GetInt64(0), row.GetInt64(1));
    }

    private async Task<List<(ServiceNews News, string? Action, string? Reason)>> NewsAsync(string sql, long end, long? begin, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = end });
        if (begin is { } from)
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = from });
        }
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var news = new List<(ServiceNews, string?, string?)>();
        while (await row.ReadAsync(cancellationToken))
        {
            news.Add((new(row.GetString(0), row.GetString(1), Text(row, 2), Text(row, 3), row.GetFieldValue<DateTimeOffset>(6)), Text(row, 4), Text(row, 5)));
        }
        return news;
    }

    private async Task<(List<AlertState> Alerts, SortedDictionary<string, int> BySeverity, int Counted)> AlertsAsync(
        DateTimeOffset at, string? tenant, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(Alerts);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = at.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var (alerts, counts, counted) = (new List<AlertState>(), new SortedDictionary<string, int>(StringComparer.Ordinal), 0);
        while (await row.ReadAsync(cancellationToken))
        {
            counted++;
            var severity = (Severity)row.GetInt16(4);
            counts[severity.Name()] = Math.Min(MostCounted, (int)row.GetInt64(8));
            if (alerts.Count < MostAlerts)
            {
                alerts.Add(new(
                    row.GetGuid(0), row.GetString(1), row.GetString(2), Text(row, 3), severity, row.GetFieldValue<DateTimeOffset>(5), row.GetBoolean(6),
                    row.GetBoolean(7)));
            }
        }
        return (alerts, counts, counted);
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
