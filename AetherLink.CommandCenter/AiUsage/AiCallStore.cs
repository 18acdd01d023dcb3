using System.Text.Json;
using AetherLink.CommandCenter.Events.Querying;
using AetherLink.CommandCenter.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.AiUsage;

/// <summary>Keeps the calls, adds them to the sums of their hours and days, and lists them.</summary>
internal sealed class AiCallStore(NpgsqlDataSource source)
{
    // A call is its answer's provider's, and what others took at it is theirs. In the order of the keys, so that two writers never wait for each other in a circle.
    private const string Insert =
        """
        with fresh as (
            insert into command_center.ai_calls (call_id, tenant_id, intent, outcome, provider, model, attempts, fell_back,
                latency_ms, overhead_ms, input_tokens, output_tokens, cost_usd, caller, trace_id, called_at, prompt_version)
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
            on conflict (call_id) do nothing
            returning *
        ), taken as (
            select call_id, coalesce(attempt ->> 'provider', '') as provider, (attempt #>> '{usage,input_tokens}')::bigint as input_tokens,
                (attempt #>> '{usage,output_tokens}')::bigint as output_tokens, (attempt #>> '{usage,cost_usd}')::numeric as cost_usd
            from fresh cross join jsonb_array_elements(attempts) attempt where jsonb_typeof(attempt -> 'usage') = 'object'
        ), parts as (
            select true as is_call, tenant_id, called_at, intent, coalesce(provider, '') as provider, outcome, fell_back, latency_ms,
                greatest(0, input_tokens - coalesce(others.input, 0)) as input_tokens, greatest(0, output_tokens - coalesce(others.output, 0)) as output_tokens,
                greatest(0, cost_usd - coalesce(others.cost, 0)) as cost_usd
            from fresh left join (
                select call_id, sum(input_tokens) as input, sum(output_tokens) as output, sum(cost_usd) as cost from taken group by 1
            ) others using (call_id)
            union all
            select false, tenant_id, called_at, intent, taken.provider, outcome, false, 0, taken.input_tokens, taken.output_tokens, taken.cost_usd
            from taken join fresh using (call_id)
        ), by_hour as (
            insert into command_center.ai_usage_hours as u (of_all, tenant_id, hour, intent, provider, calls, succeeded, fallbacks,
                input_tokens, output_tokens, cost_usd, latencies)
            select of_all, case when of_all then '' else tenant_id end, date_trunc('hour', called_at, 'UTC'), intent,
                provider, count(*) filter (where is_call), count(*) filter (where is_call and outcome = 'success'), count(*) filter (where fell_back),
                sum(input_tokens), sum(output_tokens), sum(cost_usd), coalesce(command_center.latencies(latency_ms) filter (where is_call), '{}')
            from parts cross join (values (false), (true)) scope (of_all)
            group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
            on conflict (of_all, tenant_id, hour, intent, provider) do update set
                calls = u.calls + excluded.calls, succeeded = u.succeeded + excluded.succeeded,
                fallbacks = u.fallbacks + excluded.fallbacks, input_tokens = u.input_tokens + excluded.input_tokens,
                output_tokens = u.output_tokens + excluded.output_tokens, cost_usd = u.cost_usd + excluded.cost_usd,
                latencies = case when excluded.latencies = '{}' then u.latencies else command_center.latencies_sum(u.latencies, excluded.latencies) end
        )
        insert into command_center.ai_days as u (of_all, day, tenant_id, calls, succeeded, cost_usd)
        select of_all, date_trunc('day', called_at, 'UTC'), case when of_all then '' else tenant_id end,
            count(*) filter (where is_call), count(*) filter (where is_call and outcome = 'success'), sum(cost_usd)
        from parts cross join (values (false), (true)) scope (of_all)
        group by 1, 2, 3 order by 1, 2, 3
        on conflict (of_all, day, tenant_id) do update set
            calls = u.calls + excluded.calls, succeeded = u.succeeded + excluded.succeeded, cost_usd = u.cost_usd + excluded.cost_usd
        """;

    /// <summary>A call that came twice is kept, and counted, once.</summary>
    public async Task WriteAsync(IReadOnlyList<AiCall> calls, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(Insert);
        void Column<T>(NpgsqlDbType type, Func<AiCall, T> value) => command.Parameters.AddColumn(type, calls, value);
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
        Column(NpgsqlDbType.Integer, call => call.PromptVersion);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Where calls may be, before a number.</summary>
    public async Task<Stretch> StretchAsync(long before, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select min(seq), max(seq) from command_center.ai_calls");
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) && !await row.IsDBNullAsync(0, cancellationToken)
            ? new(row.GetInt64(0), Math.Min(before, row.GetInt64(1) + 1))
            : default;
    }

    /// <summary>Those of a stretch, the newest first.</summary>
    public async Task<IReadOnlyList<RecordedCall>> BackAsync(
        Stretch stretch, string? tenant, string? intent, string? provider, string? outcome, int limit, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand();
        var conditions = new EventConditions(command.Parameters).And("seq >= ?", stretch.From).And("seq < ?", stretch.To)
            .AndIf("tenant_id = ?", tenant).AndIf("intent = ?", intent).AndIf("provider = ?", provider).AndIf("outcome = ?", outcome);
        command.CommandText =
            $"""
            select seq, call_id, tenant_id, intent, outcome, provider, model, attempts, fell_back, latency_ms, overhead_ms,
                   input_tokens, output_tokens, cost_usd, caller, trace_id, called_at, prompt_version
            from command_center.ai_calls {conditions} order by seq desc limit {limit:D}
            """;
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var calls = new List<RecordedCall>();
        while (await row.ReadAsync(cancellationToken))
        {
            var (ending, attempts) = (row.GetString(4), row.GetFieldValue<byte[]>(7));
            calls.Add(new(
                row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), ending, TextOrNull(row, 5),
                TextOrNull(row, 6), new(attempts), row.GetBoolean(8), row.GetDouble(9), row.GetDouble(10),
                new(row.GetInt64(11), row.GetInt64(12), row.GetDecimal(13)), TextOrNull(row, 14), TextOrNull(row, 15),
                row.GetFieldValue<DateTimeOffset>(16), row.IsDBNull(17) ? null : row.GetInt32(17))
            {
                Triage = ending == AiCall.Failed ? AiTriage.OfKept(attempts) : null,
            });
        }
        return calls;
    }

    private static string? TextOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
