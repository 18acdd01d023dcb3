using AetherLink.Orchestrator.Governance.Budgets;
using Npgsql;

namespace AetherLink.Orchestrator.Governance.Usage;

/// <summary>A budget that somebody has touched in its present period.</summary>
internal sealed record BudgetRow(string TenantId, string Unit, DateTimeOffset PeriodStart, long Limit, long Taken, long Spent);

/// <summary>Usage by the hour, in Postgres.</summary>
internal sealed class UsageStore(NpgsqlDataSource source)
{
    private const string Upsert =
        """
        insert into orchestrator.usage_hours as u
            (hour, tenant_id, intent, provider, calls, succeeded, cached, rejected, input_tokens, output_tokens, cost_nano_usd)
        select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        on conflict (hour, tenant_id, intent, provider) do update set
            calls = u.calls + excluded.calls, succeeded = u.succeeded + excluded.succeeded, cached = u.cached + excluded.cached,
            rejected = u.rejected + excluded.rejected, input_tokens = u.input_tokens + excluded.input_tokens,
            output_tokens = u.output_tokens + excluded.output_tokens, cost_nano_usd = u.cost_nano_usd + excluded.cost_nano_usd
        """;

    public async Task AddAsync(IReadOnlyDictionary<UsageKey, UsageSum> rows, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(Upsert);
        // In the order of the keys, so that two replicas never wait for each other in a circle.
        var ordered = rows.OrderBy(r => r.Key.Hour).ThenBy(r => r.Key.TenantId, StringComparer.Ordinal)
            .ThenBy(r => r.Key.Intent, StringComparer.Ordinal).ThenBy(r => r.Key.Provider, StringComparer.Ordinal).ToList();
        void Column<T>(Func<KeyValuePair<UsageKey, UsageSum>, T> value) =>
            command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. ordered.Select(value)] });
        Column(row => row.Key.Hour.UtcDateTime);
        Column(row => row.Key.TenantId);
        Column(row => row.Key.Intent);
        Column(row => row.Key.Provider);
        Column(row => row.Value.Calls);
        Column(row => row.Value.Succeeded);
        Column(row => row.Value.Cached);
        Column(row => row.Value.Rejected);
        Column(row => row.Value.InputTokens);
        Column(row => row.Value.OutputTokens);
        Column(row => row.Value.CostNanoUsd);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<IReadOnlyDictionary<UsageKey, UsageSum>> ReadAsync(string? tenant, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            select hour, tenant_id, intent, provider, calls, succeeded, cached, rejected, input_tokens, output_tokens, cost_nano_usd
            from orchestrator.usage_hours where hour >= $1 and ($2 is null or tenant_id = $2)
            """);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = since.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)tenant ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        var rows = new Dictionary<UsageKey, UsageSum>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            rows.Add(
                new(row.GetFieldValue<DateTimeOffset>(0), row.GetString(1), row.GetString(2), row.GetString(3)),
                new(row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.GetInt64(10)));
        }
        return rows;
    }

    /// <summary>Those of periods that are not over, as far as replicas have said what they spent.</summary>
    public async Task<IReadOnlyList<BudgetRow>> BudgetsAsync(string? tenant, DateTimeOffset now, int most, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            select tenant_id, unit, period_start, limited_to, taken,
                (select coalesce(sum(spent), 0)::bigint from orchestrator.budget_leases lease
                 where (lease.tenant_id, lease.unit, lease.period_start) = (budget.tenant_id, budget.unit, budget.period_start))
            from orchestrator.budgets budget where period_start >= $1 and ($2 is null or tenant_id = $2)
            order by tenant_id, unit, period_start limit $3
            """);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = BudgetKey.At("", default, BudgetPeriod.Month, now).Start.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)tenant ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = most });
        var budgets = new List<BudgetRow>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            budgets.Add(new(
                row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5)));
        }
        return budgets;
    }

    /// <summary>Removes usage and budgets that ended before a time.</summary>
    public async Task PruneAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var batch = source.CreateBatch();
        foreach (var sql in (string[])[
            "delete from orchestrator.usage_hours where hour < $1",
            "delete from orchestrator.budget_leases where period_start < $1",
            "delete from orchestrator.budgets where period_start < $1"])
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql) { Parameters = { new NpgsqlParameter<DateTime> { TypedValue = before.UtcDateTime } } });
        }
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
