using AetherLink.CommandCenter.Insights.Summing;
using Npgsql;

namespace AetherLink.CommandCenter.Insights.Tenants;

/// <summary>Reads the tenants' figures from what is counted by the hour, and summed up by the day.</summary>
internal sealed class TenantReader(NpgsqlDataSource source)
{
    // Severities 2 and 3 are error and critical; outcomes of attempts: 0 delivered, 1 failed, 2 failed for good.
    private static readonly string Sql =
        $"""
        with event_rows as materialized (
            select tenant_id, sum(events)::bigint as events, coalesce(sum(events) filter (where severity >= 2), 0)::bigint as bad,
                coalesce(sum(events) filter (where event_type = 'ops.alert.raised'), 0)::bigint as alerts
            from {SummedSpan.Rows("event_counts", "event_days")} e where tenant_id > $5 and ($4 is null or tenant_id = $4) group by 1
        ), delivery_rows as materialized (
            select tenant_id, coalesce(sum(attempts) filter (where outcome = 0), 0)::bigint as delivered,
                coalesce(sum(attempts) filter (where outcome in (1, 2)), 0)::bigint as failed
            from {SummedSpan.Rows("delivery_counts", "delivery_days")} d where tenant_id > $5 and ($4 is null or tenant_id = $4) group by 1
        ), ai_rows as materialized (
            select tenant_id, sum(calls)::bigint as calls, sum(calls - succeeded)::bigint as failed, sum(cost_usd) as cost
            from {SummedSpan.AiCalls} ai where not of_all and tenant_id > $5 and ($4 is null or tenant_id = $4) group by 1
        ), tenants as materialized (
            select tenant_id from (
                select tenant_id from event_rows union select tenant_id from delivery_rows union select tenant_id from ai_rows) known
            order by tenant_id limit $6
        ), open_alerts as (
            select tenant_id, count(*) as critical from command_center.alerts join tenants using (tenant_id)
            where resolved_at is null and alert_severity = 3 group by 1
        ), open_anomalies as (
            select tenant_id, count(*) as anomalies from command_center.anomalies join tenants using (tenant_id)
            where ended_at is null and state < 2 group by 1
        )
        select tenant_id, coalesce(e.events, 0), coalesce(e.bad, 0), coalesce(d.delivered, 0), coalesce(d.failed, 0),
            coalesce(ai.calls, 0), coalesce(ai.failed, 0), coalesce(ai.cost, 0), coalesce(e.alerts, 0), coalesce(a.critical, 0), coalesce(o.anomalies, 0)
        from tenants t left join event_rows e using (tenant_id) left join delivery_rows d using (tenant_id) left join ai_rows ai using (tenant_id)
            left join open_alerts a using (tenant_id) left join open_anomalies o using (tenant_id)
        order by tenant_id
        """;

    /// <summary>Those after a name, by name.</summary>
    public async Task<IReadOnlyList<TenantReport>> ReadAsync(
        string after, string? tenant, DateTimeOffset since, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var span = SummedSpan.Of(since, await SummedSpan.SummedToAsync(connection, cancellationToken));
        await using var command = new NpgsqlCommand(Sql, connection);
        span.AddTo(command.Parameters, tenant);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var reports = new List<TenantReport>();
        while (await row.ReadAsync(cancellationToken))
        {
            reports.Add(Of(row));
        }
        return reports;
    }

    private static TenantReport Of(NpgsqlDataReader row)
    {
        var figures = new TenantFigures
        {
            Events = row.GetInt64(1),
            BadEvents = row.GetInt64(2),
            Delivered = row.GetInt64(3),
            FailedAttempts = row.GetInt64(4),
            AiCalls = row.GetInt64(5),
            FailedAiCalls = row.GetInt64(6),
            Alerts = row.GetInt64(8),
            OpenCriticalAlerts = row.GetInt64(9),
            OpenAnomalies = row.GetInt64(10),
        };
        var attempts = figures.Delivered + figures.FailedAttempts;
        var health = TenantHealth.Of(figures);
        return new(
            row.GetString(0), figures.Events, figures.Alerts, figures.Delivered,
            attempts == 0 ? null : Math.Round(100.0 * figures.FailedAttempts / attempts, 2), figures.AiCalls, row.GetDecimal(7),
            figures.OpenAnomalies, health.Score, health.Terms);
    }
}
