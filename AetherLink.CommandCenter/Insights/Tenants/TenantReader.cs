using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Insights.Tenants;

/// <summary>Reads the tenants' figures from what is counted by the hour.</summary>
internal sealed class TenantReader(NpgsqlDataSource source)
{
    // Severities 2 and 3 are error and critical; outcomes of attempts: 0 delivered, 1 failed, 2 failed for good.
    private const string Sql =
        """
        with tenants as materialized (
            select tenant_id from (
                select tenant_id from command_center.event_counts where hour >= $1
                union select tenant_id from command_center.delivery_counts where hour >= $1
                union select tenant_id from command_center.ai_usage_hours where not of_all and hour >= $1) known
            where tenant_id > $2 and ($3 is null or tenant_id = $3) order by tenant_id limit $4
        ), events as (
            select tenant_id, sum(events)::bigint as events, coalesce(sum(events) filter (where severity >= 2), 0)::bigint as bad
            from command_center.event_counts join tenants using (tenant_id) where hour >= $1 group by 1
        ), deliveries as (
            select tenant_id, coalesce(sum(attempts) filter (where outcome = 0), 0)::bigint as delivered,
                coalesce(sum(attempts) filter (where outcome in (1, 2)), 0)::bigint as failed
            from command_center.delivery_counts join tenants using (tenant_id) where hour >= $1 group by 1
        ), ai as (
            select tenant_id, sum(calls)::bigint as calls, sum(calls - succeeded)::bigint as failed, sum(cost_usd) as cost
            from command_center.ai_usage_hours join tenants using (tenant_id) where not of_all and hour >= $1 group by 1
        )
        select tenant_id, coalesce(e.events, 0), coalesce(e.bad, 0), coalesce(d.delivered, 0), coalesce(d.failed, 0),
            coalesce(ai.calls, 0), coalesce(ai.failed, 0), coalesce(ai.cost, 0),
            (select count(*) from command_center.alerts a where a.tenant_id = t.tenant_id and a.raised_at >= $1),
            (select count(*) from command_center.alerts a where a.tenant_id = t.tenant_id and a.resolved_at is null and a.alert_severity = 3),
            (select count(*) from command_center.anomalies a where a.tenant_id = t.tenant_id and a.ended_at is null and a.state < 2)
        from tenants t left join events e using (tenant_id) left join deliveries d using (tenant_id) left join ai using (tenant_id)
        order by tenant_id
        """;

    /// <summary>Those after a name, by name.</summary>
    public async Task<IReadOnlyList<TenantReport>> ReadAsync(
        string after, string? tenant, DateTimeOffset since, int limit, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = since.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = tenant, NpgsqlDbType = NpgsqlDbType.Text });
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
