using AetherLink.LoadGenerator.Running;

namespace AetherLink.LoadGenerator.Cases.Lists;

/// <summary>
/// Twelve days of alerts of as many rules as there may be; the thousand newest are active. Silences of all states, of which the oldest are
/// in force: a list that looks for those must not read the ended ones. The rules are switched off, so that nobody evaluates them.
/// </summary>
internal static class ManyAlerts
{
    public const int Count = 50_000;
    public const int Active = 1_000;
    public const int Rules = 2_000;
    public const int Silences = 11_000;
    public const int SilencesInForce = 1_800;
    public const int Templates = 1_000;

    /// <summary>Of the first silence, which is for all tenants.</summary>
    public const int Muted = 20_000;

    public const string SomeRule = "00000000-0000-7000-8000-000000000007";
    public const string SomeSilence = "00000000-0000-7000-8002-000000000001";

    /// <summary>The tenant of one alert, the oldest that was muted.</summary>
    public const string RareTenant = "tenant-rare";

    public static async Task StoreAsync(PostgresServer postgres, CancellationToken cancellationToken)
    {
        await postgres.ExecuteAsync(RulesAndTemplates, cancellationToken, Rules, Templates);
        await postgres.ExecuteAsync(Alerts, cancellationToken, Count, Rules, Active);
        await postgres.ExecuteAsync(SilencesAndMutes, cancellationToken, Silences, SilencesInForce, Muted);
    }

    private const string RulesAndTemplates =
        """
        with templates as (
            insert into command_center.alert_templates (template_id, tenant_id, name, description, rule, created_by, created_at, updated_by, updated_at)
            select '00000000-0000-7000-8003-' || lpad(to_hex(n), 12, '0'), 'tenant-' || n % 20, 'template ' || n, 'of the bench',
                '{"window_seconds":60,"threshold":5,"event_type":"lead.created"}', 'bench', now(), 'bench', now()
            from generate_series(1, $2) n
        )
        insert into command_center.alert_rules (rule_id, tenant_id, name, event_type, severity, source, group_by, window_seconds, threshold,
            alert_severity, enabled, created_by, created_at, updated_by, updated_at)
        select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'tenant-' || n % 20, 'rule ' || n, 'lead.created', null, null,
            'payload.lead_id', 60, 5, 3, false, 'bench', now(), 'bench', now()
        from generate_series(1, $1) n
        """;

    private const string Alerts =
        """
        insert into command_center.alerts (alert_id, rule_id, rule_name, tenant_id, group_key, alert_severity, threshold, window_seconds,
            matched_count, event_ids, event_type, source, group_by, raised_at, acknowledged_at, acknowledged_by, silenced_by, silenced_at,
            resolved_at, resolved_reason)
        select ('00000000-0000-7000-8001-' || lpad(to_hex(n), 12, '0'))::uuid, ('00000000-0000-7000-8000-' || lpad(to_hex(1 + n % $2), 12, '0'))::uuid,
            'rule ' || 1 + n % $2, case when n = 1 then 'tenant-rare' else 'tenant-' || n % 20 end, 'group ' || n,
            case when n % 10 = 0 then 3 when n % 10 < 4 then 2 when n = 12345 then 0 else 1 end, 5, 60, 5 + n % 100,
            array(select 'seed-' || n * 10 + i from generate_series(1, 5) i), 'lead.created', 'source-' || n % 50, 'payload.lead_id',
            at, case when n % 3 = 0 then at + interval '9 s' end, case when n % 3 = 0 then 'jane' end,
            case when n % 4 = 1 then '00000000-0000-7000-8002-000000000001'::uuid end, case when n % 4 = 1 then at end,
            case when n <= $1 - $3 then at + interval '70 s' end, case when n <= $1 - $3 then 'passed' end
        from generate_series(1, $1) n cross join lateral (select now() - ($1 - n) * interval '20 s' as at) t order by n
        """;

    private const string SilencesAndMutes =
        """
        with silences as (
            insert into command_center.alert_silences (silence_id, tenant_id, matchers, starts_at, ends_at, until_resolved, reason, author, created_at, announced)
            select ('00000000-0000-7000-8002-' || lpad(to_hex(n), 12, '0'))::uuid, case when n > 1 then 'tenant-' || n % 20 end,
                '[{"label":"group","op":"=","value":"nobody"}]', t.at, case when n <= $2 then now() + interval '20 days' else t.at + interval '1 h' end,
                false, 'maintenance', 'jane', t.at, true
            from generate_series(1, $1) n cross join lateral (select now() - interval '2 h' - ($1 - n) * interval '90 s' as at) t order by n
        )
        insert into command_center.alert_mutes (silence_id, alert_id, muted_at, unmuted_at)
        select '00000000-0000-7000-8002-000000000001', ('00000000-0000-7000-8001-' || lpad(to_hex(n), 12, '0'))::uuid, now(), now()
        from generate_series(1, $3) n order by n
        """;
}
