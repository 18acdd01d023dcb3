using AetherLink.LoadGenerator.Running;

namespace AetherLink.LoadGenerator.Cases.Lists;

/// <summary>A year of people's changes, a quarter's heals, and event types that were registered.</summary>
internal static class ManyChanges
{
    public const int Count = 100_000;
    public const int MinutesApart = 5;
    public const int Heals = 50_000;
    public const int Types = 500;
    public const int Actors = 50;
    public const int Tenants = 20;
    public const string SomeType = "bench.type_7";

    /// <summary>What only ten entries are about.</summary>
    public const string RareTarget = "rare";

    public const int OfRareTarget = 10;

    public static async Task StoreAsync(PostgresServer postgres, CancellationToken cancellationToken)
    {
        await postgres.ExecuteAsync(Changes, cancellationToken, Count, Actors, Count / OfRareTarget, MinutesApart);
        await postgres.ExecuteAsync(Healed, cancellationToken, Heals);
        await postgres.ExecuteAsync(Registered, cancellationToken, Types);
    }

    // Its hashes are none: only the verification would mind, and it is no list.
    private const string Changes =
        """
        with head as (
            update command_center.operator_audit_head set seq = $1
        )
        insert into command_center.operator_audit (seq, at, actor, roles, tenant_id, action, target, before, after, address, trace_id, hash)
        select n, now() - ($1 - n) * $4 * interval '1 min', 'actor-' || n % $2, array['operator'], case when n % 5 > 0 then 'tenant-' || n % 20 end,
            (array['alert.acknowledged', 'alert_rule.created', 'alert_rule.replaced', 'silence.created', 'silence.ended', 'webhook.changed',
                'delivery.replayed', 'retention.set', 'healing_rule.changed', 'target.restarted'])[1 + n / 50 % 10],
            case when n % $3 = 17 then 'rare' else 'target-' || n end, json_build_object('name', 'a rule', 'enabled', true, 'threshold', n),
            json_build_object('name', 'a rule', 'enabled', false, 'threshold', n), '10.0.0.1', lpad(to_hex(n), 32, '0'), sha256(n::text::bytea)
        from generate_series(1, $1) n order by n
        """;

    private const string Healed =
        """
        insert into auto_heal.heals (id, target, kind, action, reason, forced, healer, streak, failing_since, started_at, finished_at, success, verified, message)
        select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'target-' || n % 200, 'container', 'restart', 'The engine says unhealthy.', false,
            'bench', 1, at - interval '1 s', at, at + interval '3 s', n % 20 > 0, n % 20 > 0, case when n % 20 > 0 then 'Healthy again.' else 'Not healthy.' end
        from generate_series(1, $1) n cross join lateral (select now() - ($1 - n + 1) * interval '2 min' as at) t order by n
        """;

    private const string Registered =
        """
        with kept as (
            insert into command_center.retention_policies (tenant_id, retention_days) select 'tenant-' || n, 60 from generate_series(0, 19) n
        )
        insert into command_center.event_schemas (event_type, version, required, properties, description, registered_by)
        select 'bench.type_' || n, 1, array['id'], json_build_object('id', json_build_object('type', 'string', 'description', 'which'), 'name',
            json_build_object('type', 'string', 'description', 'what it is called')), 'A type of the bench.', 'bench'
        from generate_series(1, $1) n
        """;
}
