using AetherLink.CommandCenter.Insights.Summing;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Insights.Overview;

/// <summary>Reads what is counted by the hour, hour by hour: of the days that are summed up from one row an hour.</summary>
internal sealed class TrendsReader(NpgsqlDataSource source)
{
    private const string Sql =
        """
        with e as (
            select hour, sum(events)::bigint as events, coalesce(sum(events) filter (where severity >= 2), 0)::bigint as bad,
                coalesce(sum(events) filter (where event_type = 'ops.alert.raised'), 0)::bigint as alerts,
                coalesce(sum(events) filter (where event_type = 'ops.anomaly.detected'), 0)::bigint as anomalies,
                coalesce(sum(events) filter (where event_type = 'autoheal.attempted'), 0)::bigint as heals
            from command_center.event_counts where hour >= $3 and ($2 is null or tenant_id = $2) group by 1
        ), d as (
            select hour, sum(delivered)::bigint as delivered, sum(failed)::bigint as failed, sum(given_up)::bigint as given_up,
                sum(replays_delivered + replays_given_up)::bigint as replays
            from command_center.endpoint_counts where hour >= $3 and ($2 is null or tenant_id = $2) group by 1
        ), counted as (
            select hour, coalesce(e.events, 0) as events, coalesce(e.bad, 0) as bad, coalesce(e.alerts, 0) as alerts, coalesce(e.anomalies, 0) as anomalies,
                coalesce(e.heals, 0) as heals, coalesce(d.delivered, 0) as delivered, coalesce(d.failed, 0) as failed, coalesce(d.given_up, 0) as given_up,
                coalesce(d.replays, 0) as replays
            from e full join d using (hour)
            union all
            select hour, events, bad_events, alerts, anomalies, heals, delivered, failed, given_up, replays
            from command_center.trend_hours where tenant_id = coalesce($2, '') and hour >= $1 and hour < $3
        ), ai as (
            select hour, sum(calls)::bigint as calls, sum(calls - succeeded)::bigint as failed
            from command_center.ai_usage_hours where of_all = ($2 is null) and tenant_id = coalesce($2, '') and hour >= $1 group by 1
        )
        select hour, coalesce(c.events, 0), coalesce(c.bad, 0), coalesce(c.alerts, 0), coalesce(c.anomalies, 0), coalesce(c.heals, 0),
            coalesce(c.delivered, 0), coalesce(c.failed, 0), coalesce(c.given_up, 0), coalesce(c.replays, 0), coalesce(ai.calls, 0), coalesce(ai.failed, 0)
        from counted c full join ai using (hour)
        """;

    /// <param name="tenant">Whose; null for everybody's.</param>
    /// <param name="first">The first full hour of the span.</param>
    /// <param name="hours">How many it has; as many before it are read for comparison.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<OperatorTrends> ReadAsync(string? tenant, DateTimeOffset first, int hours, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var before = first.AddHours(-hours);
        var summed = await SummedSpan.SummedToAsync(connection, cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = before.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (summed > before ? summed.Value : before).UtcDateTime });
        var read = new Dictionary<DateTimeOffset, TrendFigures>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            read[row.GetFieldValue<DateTimeOffset>(0)] = new()
            {
                Events = row.GetInt64(1),
                BadEvents = row.GetInt64(2),
                Alerts = row.GetInt64(3),
                Anomalies = row.GetInt64(4),
                Heals = row.GetInt64(5),
                Delivered = row.GetInt64(6),
                FailedAttempts = row.GetInt64(7),
                GivenUp = row.GetInt64(8),
                Replays = row.GetInt64(9),
                AiCalls = row.GetInt64(10),
                FailedAiCalls = row.GetInt64(11),
            };
        }
        TrendHour[] byHour = [.. Enumerable.Range(0, hours).Select(n => first.AddHours(n)).Select(hour => new TrendHour(hour, read.GetValueOrDefault(hour) ?? new()))];
        return new(
            "ok", hours, TrendFigures.Sum(byHour.Select(hour => hour.Figures)),
            TrendFigures.Sum(read.Where(hour => hour.Key < first).Select(hour => hour.Value)), byHour);
    }
}
