using System.Text.Json;
using AetherLink.CommandCenter.Events.Querying;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.AiUsage;

/// <summary>Keeps the calls, and reads what operators ask of them.</summary>
internal sealed class AiCallStore(NpgsqlDataSource source)
{
    /// <summary>A call that came twice is kept once.</summary>
    public async Task WriteAsync(IReadOnlyList<AiCall> calls, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            insert into command_center.ai_calls (call_id, tenant_id, intent, outcome, provider, model, attempts, fell_back,
                latency_ms, overhead_ms, input_tokens, output_tokens, cost_usd, caller, trace_id, called_at)
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
            on conflict (call_id) do nothing
            """);
        void Column<T>(NpgsqlDbType type, Func<AiCall, T> value) => command.Parameters.Add(
            new NpgsqlParameter<T[]> { TypedValue = [.. calls.Select(value)], NpgsqlDbType = NpgsqlDbType.Array | type });
        Column(NpgsqlDbType.Text, call => call.CallId);
        Column(NpgsqlDbType.Text, call => call.TenantId);
        Column(NpgsqlDbType.Text, call => call.Intent);
        Column(NpgsqlDbType.Text, call => call.Outcome);
        Column(NpgsqlDbType.Text, call => call.Provider);
        Column(NpgsqlDbType.Text, call => call.Model);
        Column(NpgsqlDbType.Jsonb, call => JsonSerializer.Serialize(call.Attempts, AiUsageJson.Wire.IReadOnlyListAiAttempt));
        Column(NpgsqlDbType.Boolean, call => call.FellBack);
        Column(NpgsqlDbType.Double, call => call.LatencyMs);
        Column(NpgsqlDbType.Double, call => call.OverheadMs);
        Column(NpgsqlDbType.Bigint, call => call.Usage.InputTokens);
        Column(NpgsqlDbType.Bigint, call => call.Usage.OutputTokens);
        Column(NpgsqlDbType.Numeric, call => call.Usage.CostUsd);
        Column(NpgsqlDbType.Text, call => call.CallerName);
        Column(NpgsqlDbType.Text, call => call.TraceId);
        Column(NpgsqlDbType.TimestampTz, call => call.Timestamp.UtcDateTime);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The figures in all, by intent, by provider and by hour, in one pass.</summary>
    public async Task<AiUsageReport> ReportAsync(string? tenant, DateTimeOffset since, int hours, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            select grouping(intent, provider, hour), intent, provider, hour, count(*), count(*) filter (where outcome = 'success'),
                   count(*) filter (where fell_back),
                   percentile_cont(array[0.5, 0.95, 0.99]) within group (order by latency_ms),
                   sum(input_tokens)::bigint, sum(output_tokens)::bigint, sum(cost_usd)
            from (select *, date_trunc('hour', called_at, 'UTC') as hour from command_center.ai_calls
                  where called_at >= $1 and ($2::text is null or tenant_id = $2)) calls
            group by grouping sets ((), (intent), (provider), (hour))
            order by hour
            """);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = since.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)tenant ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        var report = (Total: AiFigures.None, Intents: new Dictionary<string, AiFigures>(StringComparer.Ordinal),
            Providers: new Dictionary<string, AiFigures>(StringComparer.Ordinal), Hours: new List<AiHour>());
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var figures = Figures(row);
            // One bit for each column that a row is not about.
            switch (row.GetInt32(0))
            {
                case 0b111 when figures.Calls > 0:
                    report.Total = figures;
                    break;
                case 0b011:
                    report.Intents[row.GetString(1)] = figures;
                    break;
                case 0b101 when !await row.IsDBNullAsync(2, cancellationToken):
                    report.Providers[row.GetString(2)] = figures;
                    break;
                case 0b110:
                    report.Hours.Add(new(row.GetFieldValue<DateTimeOffset>(3), figures));
                    break;
            }
        }
        return new("ok", hours, report.Total, report.Intents, report.Providers, report.Hours);
    }

    public async Task<IReadOnlyList<RecordedCall>> BeforeAsync(
        long before, string? tenant, string? intent, string? provider, string? outcome, int limit, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand();
        var conditions = new EventConditions(command.Parameters).And("seq < ?", before)
            .AndIf("tenant_id = ?", tenant).AndIf("intent = ?", intent).AndIf("provider = ?", provider).AndIf("outcome = ?", outcome);
        command.CommandText =
            $"""
            select seq, call_id, tenant_id, intent, outcome, provider, model, attempts, fell_back, latency_ms, overhead_ms,
                   input_tokens, output_tokens, cost_usd, caller, trace_id, called_at
            from command_center.ai_calls {conditions} order by seq desc limit {limit:D}
            """;
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var calls = new List<RecordedCall>();
        while (await row.ReadAsync(cancellationToken))
        {
            calls.Add(new(
                row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), TextOrNull(row, 5),
                TextOrNull(row, 6), new(row.GetFieldValue<byte[]>(7)), row.GetBoolean(8), row.GetDouble(9), row.GetDouble(10),
                new(row.GetInt64(11), row.GetInt64(12), row.GetDecimal(13)), TextOrNull(row, 14), TextOrNull(row, 15),
                row.GetFieldValue<DateTimeOffset>(16)));
        }
        return calls;
    }

    private static AiFigures Figures(NpgsqlDataReader row)
    {
        var (calls, succeeded) = (row.GetInt64(4), row.GetInt64(5));
        if (calls == 0)
        {
            return AiFigures.None;
        }
        var latency = row.GetFieldValue<double[]>(7);
        return new(
            calls, succeeded, row.GetInt64(6), Math.Round(100.0 * succeeded / calls, 2),
            new(Math.Round(latency[0], 2), Math.Round(latency[1], 2), Math.Round(latency[2], 2)),
            row.GetInt64(8), row.GetInt64(9), row.GetDecimal(10));
    }

    private static string? TextOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
