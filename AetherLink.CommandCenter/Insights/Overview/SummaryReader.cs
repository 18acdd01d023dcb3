using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Insights.Anomalies.Judging;
using AetherLink.CommandCenter.Insights.Summing;
using Npgsql;

namespace AetherLink.CommandCenter.Insights.Overview;

/// <summary>Sums up the last hours from what is counted by the hour, and summed up by the day.</summary>
internal sealed class SummaryReader(NpgsqlDataSource source, AnomalyReader anomalies)
{
    private const int Top = 10;

    // Outcomes of attempts: 0 delivered, 1 failed, 2 failed for good, 4 given up without an attempt.
    private static readonly string Deliveries =
        $"""
        select outcome, triage, sum(attempts)::bigint from {SummedSpan.Rows("delivery_counts", "delivery_days")} d
        where $4 is null or tenant_id = $4 group by 1, 2
        """;

    private static readonly string Endpoints =
        $"""
        select e.id, e.url, e.kind, e.tenant_id, e.enabled and e.deleted_at is null, c.delivered, c.failed, c.given_up, e.failing_since
        from (
            select endpoint_id, sum(delivered)::bigint as delivered, sum(failed)::bigint as failed, sum(given_up)::bigint as given_up
            from {SummedSpan.Rows("endpoint_counts", "endpoint_days")} d where $4 is null or tenant_id = $4
            group by 1 having sum(failed) + sum(given_up) > 0 order by sum(failed) desc, sum(given_up) desc, endpoint_id limit {Top:D}) c
        join command_center.webhook_endpoints e on e.id = c.endpoint_id
        order by c.failed desc, c.given_up desc, e.id
        """;

    private static readonly string Tenants =
        $"""
        with d as (
            select tenant_id, coalesce(sum(attempts) filter (where outcome = 0), 0)::bigint as delivered,
                coalesce(sum(attempts) filter (where outcome in (1, 2)), 0)::bigint as failed
            from {SummedSpan.Rows("delivery_counts", "delivery_days")} d where $4 is null or tenant_id = $4 group by 1
        ), ai as (
            select tenant_id, sum(calls)::bigint as calls, sum(calls - succeeded)::bigint as failed
            from command_center.ai_usage_hours where not of_all and hour >= $1 and ($4 is null or tenant_id = $4) group by 1
        )
        select tenant_id, coalesce(d.delivered, 0), coalesce(d.failed, 0), coalesce(ai.calls, 0), coalesce(ai.failed, 0)
        from d full join ai using (tenant_id) where coalesce(d.failed, 0) + coalesce(ai.failed, 0) > 0
        order by coalesce(d.failed, 0) + coalesce(ai.failed, 0) desc, tenant_id limit {Top:D}
        """;

    private static readonly string Others =
        $"""
        select r.delivered, r.given_up, a.alerts, ai.calls, ai.failed
        from (
            select coalesce(sum(replays_delivered), 0)::bigint as delivered, coalesce(sum(replays_given_up), 0)::bigint as given_up
            from {SummedSpan.Rows("endpoint_counts", "endpoint_days")} d where $4 is null or tenant_id = $4) r, (
            select coalesce(sum(events), 0)::bigint as alerts
            from {SummedSpan.Rows("event_counts", "event_days")} d where event_type = 'ops.alert.raised' and ($4 is null or tenant_id = $4)) a, (
            select coalesce(sum(calls), 0)::bigint as calls, coalesce(sum(calls - succeeded), 0)::bigint as failed
            from command_center.ai_usage_hours where of_all = ($4 is null) and tenant_id = coalesce($4, '') and hour >= $1) ai
        """;

    public async Task<OperatorSummary> ReadAsync(string? tenant, DateTimeOffset since, int hours, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var span = SummedSpan.Of(since, await SummedSpan.SummedToAsync(connection, cancellationToken));
        var (delivered, failed, givenUp, triage) = (0L, 0L, 0L, new SortedDictionary<string, long>(StringComparer.Ordinal));
        await RowsAsync(Deliveries, row =>
        {
            var (outcome, label, attempts) = (row.GetInt16(0), row.GetInt16(1), row.GetInt64(2));
            delivered += outcome == 0 ? attempts : 0;
            givenUp += outcome is 2 or 4 ? attempts : 0;
            if (outcome is 1 or 2)
            {
                failed += attempts;
                var name = ((TriageLabel)label).Name();
                triage[name] = triage.GetValueOrDefault(name) + attempts;
            }
        });
        var endpoints = new List<FailingEndpoint>();
        await RowsAsync(Endpoints, row => endpoints.Add(new(
            row.GetGuid(0), EndpointUrl.Stored(row.GetString(1)).Masked, (EndpointKind)row.GetInt16(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetBoolean(4),
            row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), Percent(row.GetInt64(6), row.GetInt64(5)),
            row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8))));
        var tenants = new List<FailingTenant>();
        await RowsAsync(Tenants, row => tenants.Add(new(
            row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4))));
        var others = new long[5];
        await RowsAsync(Others, row => others = [.. Enumerable.Range(0, 5).Select(row.GetInt64)]);
        var judged = await anomalies.StatsAsync(tenant, since, hours, cancellationToken);
        return new(
            "ok", hours, new(delivered, failed, givenUp, Percent(delivered, givenUp)), triage, endpoints, tenants,
            new(others[0], others[1], Percent(others[0], others[1])), new(others[3], others[4], Percent(others[3] - others[4], others[4])), others[2],
            new(judged.Total, judged.Judged, judged.FalsePositives, judged.FalsePositiveRate));

        async Task RowsAsync(string sql, Action<NpgsqlDataReader> take)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            span.AddTo(command.Parameters, tenant);
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
            {
                take(row);
            }
        }
    }

    /// <summary>Of those and the rest.</summary>
    private static double? Percent(long those, long rest) => those + rest == 0 ? null : Math.Round(100.0 * those / (those + rest), 2);
}
