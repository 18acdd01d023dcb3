using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Insights.Anomalies.Living;
using AetherLink.CommandCenter.Insights.Summing;
using Npgsql;

namespace AetherLink.CommandCenter.Insights.Overview;

/// <summary>Sums up the last hours from what is counted by the hour, and summed up by the day.</summary>
internal sealed class SummaryReader(NpgsqlDataSource source)
{
    private const int Top = 10;

    // Outcomes of attempts: 0 delivered, 1 failed, 2 failed for good, 4 given up without an attempt.
    private static readonly string Deliveries =
        $"""
        select outcome, triage, sum(attempts)::bigint from {SummedSpan.Rows("delivery_counts", "delivery_days")} d
        where $4 is null or tenant_id = $4 group by 1, 2
        """;

    // Failures are rare, and found by their index; what was delivered is read of those ten alone, each hour and day of the span by its key.
    private static readonly string Endpoints =
        $"""
        with failing as materialized (
            select endpoint_id, sum(failed)::bigint as failed, sum(given_up)::bigint as given_up
            from {SummedSpan.Rows("endpoint_counts", "endpoint_days")} d where (failed > 0 or given_up > 0) and ($4 is null or tenant_id = $4)
            group by 1 order by 2 desc, 3 desc, 1 limit {Top:D}
        )
        select e.id, e.url, e.kind, e.tenant_id, e.enabled and e.deleted_at is null, c.delivered, f.failed, f.given_up, e.failing_since
        from failing f join command_center.webhook_endpoints e on e.id = f.endpoint_id cross join lateral (
            select coalesce(sum(d.delivered), 0)::bigint as delivered from (
                select tenant_id, delivered from command_center.endpoint_counts where endpoint_id = f.endpoint_id and hour = any (array(
                    select generate_series($1, $2 - interval '1 hour', interval '1 hour')
                    union all select generate_series($3, (select max(hour) from command_center.endpoint_counts), interval '1 hour')))
                union all
                select tenant_id, delivered from command_center.endpoint_days where endpoint_id = f.endpoint_id and hour = any (array(
                    select generate_series($2, $3 - interval '24 hours', interval '24 hours')))
            ) d where $4 is null or d.tenant_id = $4) c
        order by f.failed desc, f.given_up desc, e.id
        """;

    private static readonly string Tenants =
        $"""
        with d as (
            select tenant_id, coalesce(sum(attempts) filter (where outcome = 0), 0)::bigint as delivered,
                coalesce(sum(attempts) filter (where outcome in (1, 2)), 0)::bigint as failed
            from {SummedSpan.Rows("delivery_counts", "delivery_days")} d where $4 is null or tenant_id = $4 group by 1
        ), ai as (
            select tenant_id, sum(calls)::bigint as calls, sum(calls - succeeded)::bigint as failed
            from {SummedSpan.AiCalls} ai where not of_all and ($4 is null or tenant_id = $4) group by 1
        )
        select tenant_id, coalesce(d.delivered, 0), coalesce(d.failed, 0), coalesce(ai.calls, 0), coalesce(ai.failed, 0)
        from d full join ai using (tenant_id) where coalesce(d.failed, 0) + coalesce(ai.failed, 0) > 0
        order by coalesce(d.failed, 0) + coalesce(ai.failed, 0) desc, tenant_id limit {Top:D}
        """;

    private static readonly string Others =
        $"""
        select r.delivered, r.given_up, a.alerts, ai.calls, ai.failed, n.total, n.judged, n.wrong
        from (
            select coalesce(sum(replays_delivered), 0)::bigint as delivered, coalesce(sum(replays_given_up), 0)::bigint as given_up
            from {SummedSpan.Rows("endpoint_counts", "endpoint_days")} d
            where (replays_delivered > 0 or replays_given_up > 0) and ($4 is null or tenant_id = $4)) r, (
            select coalesce(sum(events), 0)::bigint as alerts
            from {SummedSpan.Rows("event_counts", "event_days")} d where event_type = 'ops.alert.raised' and ($4 is null or tenant_id = $4)) a, (
            select coalesce(sum(calls), 0)::bigint as calls, coalesce(sum(calls - succeeded), 0)::bigint as failed
            from {SummedSpan.AiCalls} ai where of_all = ($4 is null) and tenant_id = coalesce($4, '')) ai, (
            select coalesce(sum(anomalies), 0)::bigint as total, coalesce(sum(anomalies) filter (where judged), 0)::bigint as judged,
                coalesce(sum(anomalies) filter (where state = {(short)AnomalyState.FalsePositive:D}), 0)::bigint as wrong
            from {SummedSpan.Anomalies} a) n
        """;

    public async Task<OperatorSummary> ReadAsync(string? tenant, DateTimeOffset since, int hours, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var span = SummedSpan.Of(since, await SummedSpan.SummedToAsync(connection, cancellationToken));
        await using var batch = new NpgsqlBatch(connection);
        foreach (var sql in (string[])[Deliveries, Endpoints, Tenants, Others])
        {
            var command = new NpgsqlBatchCommand(sql);
            span.AddTo(command.Parameters, tenant);
            batch.BatchCommands.Add(command);
        }
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        var (delivered, failed, givenUp, triage) = (0L, 0L, 0L, new SortedDictionary<string, long>(StringComparer.Ordinal));
        await RowsAsync(() =>
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
        await RowsAsync(() => endpoints.Add(new(
            row.GetGuid(0), EndpointUrl.Stored(row.GetString(1)).Masked, (EndpointKind)row.GetInt16(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetBoolean(4),
            row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), Percent(row.GetInt64(6), row.GetInt64(5)),
            row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8))));
        var tenants = new List<FailingTenant>();
        await RowsAsync(() => tenants.Add(new(
            row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4))));
        var others = new long[8];
        await RowsAsync(() => others = [.. Enumerable.Range(0, others.Length).Select(row.GetInt64)]);
        return new(
            "ok", hours, new(delivered, failed, givenUp, Percent(delivered, givenUp)), triage, endpoints, tenants,
            new(others[0], others[1], Percent(others[0], others[1])), new(others[3], others[4], Percent(others[3] - others[4], others[4])), others[2],
            new(others[5], others[6], others[7], Percent(others[7], others[6] - others[7])));

        // Of one statement after the other.
        async Task RowsAsync(Action take)
        {
            while (await row.ReadAsync(cancellationToken))
            {
                take();
            }
            await row.NextResultAsync(cancellationToken);
        }
    }

    /// <summary>Of those and the rest.</summary>
    private static double? Percent(long those, long rest) => those + rest == 0 ? null : Math.Round(100.0 * those / (those + rest), 2);
}
