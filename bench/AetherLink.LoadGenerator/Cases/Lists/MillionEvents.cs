using AetherLink.LoadGenerator.Running;

namespace AetherLink.LoadGenerator.Cases.Lists;

/// <summary>
/// A day of events in the table as the service would have stored them, but by statements: publishing them would take the
/// run's whole time. 20 tenants, 10 types, 50 sources; one in a thousand is critical, and few hold a given trace or word.
/// </summary>
internal static class MillionEvents
{
    public const string RareWord = "zeppelin";

    /// <summary>The trace of five events in the middle of the day.</summary>
    public const string SomeTrace = "00000000000000000000000000018000";

    public const int Count = 1_000_000;

    public const int AiCalls = 100_000;

    /// <summary>Two cores, two writers.</summary>
    private const int Writers = 2;

    public static async Task StoreAsync(PostgresServer postgres, CancellationToken cancellationToken)
    {
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => postgres.ExecuteAsync(
            Events, cancellationToken, 1 + writer * (Count / Writers), (writer + 1) * (Count / Writers), Count)));
        await postgres.ExecuteAsync(Counts, cancellationToken);
        await postgres.ExecuteAsync(Calls, cancellationToken, AiCalls);
    }

    // 80 ms apart: the newest is now, the oldest of a million 22 hours old.
    private const string Events =
        """
        insert into command_center.events (seq, event_id, tenant_id, event_type, source, severity, occurred_at, received_at,
            trace_id, client_ip, publisher, origin, payload)
        select n, 'seed-' || n, 'tenant-' || n % 20,
            (array['lead.created', 'lead.status_changed', 'lead.note_added', 'lead.assigned', 'ai.provider.used', 'ai.fallback.used',
                'service.health.failed', 'service.health.recovered', 'autoheal.succeeded', 'ai.summary.created'])[1 + n / 20 % 10],
            'source-' || n % 50,
            case when n % 1000 = 0 then 3 when n % 20 = 0 then 2 when n % 6 = 0 then 1 else 0 end,
            now() - ($3 - n) * interval '80 ms', now() - ($3 - n) * interval '80 ms',
            lpad(to_hex(1 + n / 5), 32, '0'), '10.0.0.1', 'bench', 0,
            jsonb_build_object('lead_id', 'l-' || n, 'name', 'Jane Doe', 'email', 'jane.doe@example.com', 'company', 'Example and Sons',
                'status', 'new', 'note', case when n % 100000 = 7 then 'came by zeppelin' else 'asked for a call back' end)
        from generate_series($1, $2) n order by n
        """;

    private const string Counts =
        """
        with counted as (
            insert into command_center.event_counts (hour, tenant_id, event_type, severity, events)
            select date_trunc('hour', received_at, 'UTC'), tenant_id, event_type, severity, count(*)
            from command_center.events group by 1, 2, 3, 4
        ), sources as (
            insert into command_center.event_sources (source, hour, tenant_id)
            select distinct source, date_trunc('hour', received_at, 'UTC'), tenant_id from command_center.events
        ), minutes as (
            insert into command_center.feed_minutes (minute, first_seq)
            select date_trunc('minute', received_at, 'UTC'), min(seq) from command_center.events group by 1
        )
        update command_center.feed_head set last_seq = m.seq, last_at = m.at
        from (select max(seq) as seq, max(received_at) as at from command_center.events) m
        """;

    private const string Calls =
        """
        with calls as (
            insert into command_center.ai_calls (call_id, tenant_id, intent, outcome, provider, model, attempts, fell_back, latency_ms,
                overhead_ms, input_tokens, output_tokens, cost_usd, caller, trace_id, called_at)
            select 'seed-' || n, 'tenant-' || n % 20, case when n % 3 = 0 then 'summarize-activity' else 'extract-lead' end, 'success',
                case when n % 10 = 0 then 'local' else 'claude' end, 'model', '[]', n % 10 = 0, 200 + n % 900, 0.3, 300, 80, 0.0007,
                'bench', lpad(to_hex(n), 32, '0'), now() - ($1 - n) * interval '800 ms'
            from generate_series(1, $1) n
            returning *
        ), days as (
            insert into command_center.ai_days (of_all, day, tenant_id, calls, succeeded, cost_usd)
            select of_all, date_trunc('day', called_at, 'UTC'), case when of_all then '' else tenant_id end, count(*), count(*), sum(cost_usd)
            from calls cross join (values (false), (true)) scope (of_all)
            group by 1, 2, 3
        )
        insert into command_center.ai_usage_hours (of_all, tenant_id, hour, intent, provider, calls, succeeded, fallbacks,
            input_tokens, output_tokens, cost_usd, latencies)
        select of_all, case when of_all then '' else tenant_id end, date_trunc('hour', called_at, 'UTC'), intent, provider, count(*), count(*),
            count(*) filter (where fell_back), sum(input_tokens), sum(output_tokens), sum(cost_usd), command_center.latencies(latency_ms)
        from calls cross join (values (false), (true)) scope (of_all)
        group by 1, 2, 3, 4, 5
        """;
}
