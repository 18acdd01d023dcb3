using AetherLink.LoadGenerator.Running;

namespace AetherLink.LoadGenerator.Cases.Lists;

/// <summary>
/// A week of deliveries to as many endpoints as there may be: of forty 37 were received, one was given up after ten attempts, one is tried again
/// and one has not been tried. None is due while this lasts, so that nothing is sent. 100 endpoints are cooling down.
/// </summary>
internal static class ManyDeliveries
{
    public const int Count = 300_000;
    public const int Endpoints = 1_000;
    public const int Cooling = 100;
    public const int HealingRules = 200;

    /// <summary>Of those given up, of those that failed, and of those that wait.</summary>
    public const int OfAState = Count / 40;

    /// <summary>All that was to be delivered to it was given up.</summary>
    public const string Luckless = "tenant-luckless";

    /// <summary>A type that ten deliveries have.</summary>
    public const string RareType = "ops.silence.expiring";

    public const int OfRareType = 10;

    public const string SomeEndpoint = "00000000-0000-7000-8000-0000000001f4";
    public const string IdleEndpoint = "00000000-0000-7000-8000-000000000001";
    public const int SecondsApart = 2;

    /// <summary>One that was given up.</summary>
    public const string GivenUp = "/alerts/deliveries/00000000-0000-7000-a000-000000000028";

    public static async Task StoreAsync(PostgresServer postgres, CancellationToken cancellationToken)
    {
        await postgres.ExecuteAsync(EndpointsAndRules, cancellationToken, Endpoints, Cooling, HealingRules);
        await postgres.ExecuteAsync(Deliveries, cancellationToken, Count, Endpoints, Count / OfRareType, SecondsApart);
        await postgres.ExecuteAsync(Queue, cancellationToken);
        await postgres.ExecuteAsync(Attempts, cancellationToken);
        await postgres.ExecuteAsync(Counts, cancellationToken);
    }

    private const string EndpointsAndRules =
        """
        with rules as (
            insert into command_center.delivery_healing_rules (id, name, tenant_id, match_endpoint, match_triage, action, cooldown_seconds, max_replays,
                window_seconds, enabled, created_by)
            select ('00000000-0000-7000-8004-' || lpad(to_hex(n), 12, '0'))::uuid, 'rule ' || n, 'tenant-' || n % 20, 'https://hooks-' || n || '.example.com/*',
                2, n % 3, 300, 100, 3600, false, 'bench'
            from generate_series(1, $3) n
        )
        insert into command_center.webhook_endpoints (id, url, kind, tenant_id, event_types, severity, secret, failures, cooldown_until, cooldown_reason)
        select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'https://hooks-' || n || '.example.com/services/secret', 0, 'tenant-' || n % 20,
            array['ops.alert.*'], 0, 'none', 0, case when n <= $2 then now() + interval '1 h' end, case when n <= $2 then '5 failures in a row' end
        from generate_series(1, $1) n order by n
        """;

    // An id begins with its time in milliseconds, and has the version and the variant that such ids have.
    private const string Deliveries =
        """
        insert into command_center.deliveries (id, message_id, endpoint_id, tenant_id, event_id, event_seq, event_type, severity, status, error, triage,
            http_status, attempts, created_at, completed_at, body)
        select case when n = 40 then '00000000-0000-7000-a000-000000000028'
                else (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7000a000' || lpad(to_hex(n), 12, '0'))::uuid end,
            'msg-' || n, ('00000000-0000-7000-8000-' || lpad(to_hex(2 + n % ($2 - 1)), 12, '0'))::uuid,
            case when n % 40 = 0 then 'tenant-luckless' else 'tenant-' || n % 20 end, 'seed-' || n, n,
            case when n % $3 = 7 then 'ops.silence.expiring' when n % 2 = 0 then 'ops.alert.resolved' else 'ops.alert.raised' end, n % 4,
            case n % 40 when 0 then 3 when 1 then 2 when 2 then 0 else 1 end, case when n % 40 < 2 then 1 else 0 end,
            case n % 40 when 0 then 2 when 1 then 1 end, case n % 40 when 0 then 500 when 1 then 429 when 2 then null else 200 end,
            case n % 40 when 0 then 10 when 1 then case when n % 400 = 1 then 9 else 3 end when 2 then 0 else 1 end, at,
            case when n % 40 in (1, 2) then null else at + interval '1 s' end,
            convert_to('{"type":"ops.alert.raised","timestamp":"2026-01-01T00:00:00Z","data":{"alert_id":"' || n || '","rule_name":"a rule of the bench",'
                || '"alert_severity":"critical","matched_count":12,"threshold":5,"window_seconds":60,"group":"group ' || n || '"}}', 'UTF8')
        from generate_series(1, $1) n cross join lateral (select date_trunc('milliseconds', now() - ($1 - n) * $4 * interval '1 s') as at) t order by n
        """;

    private const string Queue =
        """
        insert into command_center.delivery_queue (delivery_id, endpoint_id, tenant_id, due_at, failed)
        select id, endpoint_id, tenant_id, now() + interval '1 h', attempts from command_center.deliveries where status in (0, 2)
        """;

    private const string Attempts =
        """
        insert into command_center.delivery_attempts (delivery_id, number, started_at, duration_ms, http_status, error, triage, detail, response_head, lease_lost)
        select id, number, created_at + number * interval '1 s', 12.5, http_status, error, triage, case when error > 0 then 'It answered ' || http_status end, 'ok', false
        from command_center.deliveries d cross join lateral generate_series(1, d.attempts) number order by id, number
        """;

    private const string Counts =
        """
        with by_endpoint as (
            insert into command_center.endpoint_counts (hour, endpoint_id, tenant_id, delivered, failed, given_up)
            select date_trunc('hour', created_at, 'UTC'), endpoint_id, tenant_id, count(*) filter (where status = 1), coalesce(sum(attempts) filter (where status <> 1), 0),
                count(*) filter (where status = 3)
            from command_center.deliveries where status <> 0 group by 1, 2, 3
        )
        insert into command_center.delivery_counts (hour, tenant_id, outcome, triage, attempts)
        select date_trunc('hour', created_at, 'UTC'), tenant_id, case status when 1 then 0 when 2 then 1 else 2 end, coalesce(triage, 0), sum(greatest(attempts, 1))
        from command_center.deliveries where status <> 0 group by 1, 2, 3, 4
        """;
}
