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

    // What grouping() says: a bit for each column that a row is not of.
    private const int ByHour = 0b0111;
    private const int ByTenant = 0b1011;
    private const int ByIntent = 0b1101;
    private const int ByProvider = 0b1110;

    // Added up where the rows are: a month of them by hour, tenant, intent and provider may be millions.
    private const string Sums =
        """
        select * from (
            select grouping(hour, tenant_id, intent, provider) as bits, hour, tenant_id, intent, provider,
                coalesce(sum(calls), 0)::bigint as calls, coalesce(sum(succeeded), 0)::bigint, coalesce(sum(cached), 0)::bigint,
                coalesce(sum(rejected), 0)::bigint, coalesce(sum(input_tokens), 0)::bigint, coalesce(sum(output_tokens), 0)::bigint,
                coalesce(sum(cost_nano_usd), 0)::bigint,
                row_number() over (partition by grouping(hour, tenant_id, intent, provider) order by sum(calls) desc, tenant_id) as place
            from orchestrator.usage_hours where hour >= $1 and ($2 is null or tenant_id = $2)
            group by grouping sets ((), (hour), (tenant_id), (intent), (provider))
        ) sums where bits <> 11 or place <= $3
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

    /// <summary>The sums since an hour. Tenants may be any number: those with the most calls are named.</summary>
    public async Task<UsageSums> ReadAsync(string? tenant, DateTimeOffset since, int mostTenants, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(Sums);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = since.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)tenant ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = mostTenants });
        var sums = new UsageSums();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var sum = new UsageSum(
                row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.GetInt64(10), row.GetInt64(11));
            switch (row.GetInt32(0))
            {
                case ByHour: sums.ByHour[row.GetFieldValue<DateTimeOffset>(1)] = sum; break;
                case ByTenant: sums.ByTenant[row.GetString(2)] = sum; break;
                case ByIntent: sums.ByIntent[row.GetString(3)] = sum; break;
                case ByProvider: sums.ByProvider[row.GetString(4)] = sum; break;
                default: sums.Total = sum; break;
            }
        }
        return sums;
    }

    /// <summary>
    /// Of each tenant and unit the newest that may not be over, as far as replicas have said what they spent: a day's, or a month's.
    /// </summary>
    public async Task<IReadOnlyList<BudgetRow>> BudgetsAsync(string? tenant, DateTimeOffset now, int most, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            select distinct on (tenant_id, unit) tenant_id, unit, period_start, limited_to, taken,
                (select coalesce(sum(spent), 0)::bigint from orchestrator.budget_leases lease
                 where (lease.tenant_id, lease.unit, lease.period_start) = (budget.tenant_id, budget.unit, budget.period_start))
            from orchestrator.budgets budget where period_start in ($1, $2) and ($3 is null or tenant_id = $3)
            order by tenant_id, unit, period_start desc limit $4
            """);
        foreach (var period in (ReadOnlySpan<BudgetPeriod>)[BudgetPeriod.Month, BudgetPeriod.Day])
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = BudgetKey.At("", default, period, now).Start.UtcDateTime });
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
