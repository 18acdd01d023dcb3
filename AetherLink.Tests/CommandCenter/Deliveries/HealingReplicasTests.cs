using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Healing;
using AetherLink.Tests.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.CommandCenter.Deliveries;

/// <summary>Two replicas that have both seen the same reason to act.</summary>
public sealed class HealingReplicasTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private DeliveringCommandCenter _center = null!;
    private RunningCommandCenter _other = null!;

    public async Task InitializeAsync()
    {
        _center = await DeliveringCommandCenter.StartAsync(database);
        _other = await DeliveringCommandCenter.StartServiceAsync(database.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _other.DisposeAsync();
        await _center.DisposeAsync();
    }

    [Fact]
    public async Task Endpoint_is_disabled_once_and_told_of_once()
    {
        var (endpoint, rule) = (await FailingAsync(), await RuleAsync(HealingAction.Disable));

        await BothAsync(rule, endpoint);

        Assert.False((bool)(await _center.Admin.JsonAsync($"/alerts/webhooks/{endpoint.Id}"))["enabled"]!);
        Assert.Single(await _center.Operator.IdsAsync("?event_type=ops.webhook.disabled"));
        var entry = Assert.Single((await _center.Admin.JsonAsync("/audit/operator?action=webhook.disabled"))["entries"]!.AsArray())!;
        Assert.Equal((true, false), ((bool)entry["before"]!["enabled"]!, (bool)entry["after"]!["enabled"]!));
    }

    [Fact]
    public async Task Endpoint_that_was_put_right_meanwhile_is_left_alone()
    {
        var (endpoint, rule) = (await FailingAsync(), await RuleAsync(HealingAction.Disable, enabled: false));
        await _center.ExecuteAsync(
            "update command_center.webhook_endpoints set failures = 0, failing_since = null, last_failure_at = null where tenant_id = $1", _center.Tenant);
        await _center.ExecuteAsync("update command_center.delivery_healing_rules set enabled = true where tenant_id = $1", _center.Tenant);

        await BothAsync(rule with { Enabled = true }, endpoint);

        Assert.True((bool)(await _center.Admin.JsonAsync($"/alerts/webhooks/{endpoint.Id}"))["enabled"]!);
        Assert.Empty(await _center.Operator.IdsAsync("?event_type=ops.webhook.disabled"));
    }

    [Fact]
    public async Task No_more_is_replayed_than_a_rule_may()
    {
        var endpoint = await FailingAsync();
        await _center.ExecuteAsync(
            """
            insert into command_center.deliveries (id, message_id, endpoint_id, tenant_id, event_id, event_type, severity, created_at, body,
                status, triage, completed_at)
            select gen_random_uuid(), 'm' || n, $1, $2, 'e' || n, 'lead.created', 0, now(), '{}', 3, 2, now() from generate_series(1, 9) n
            """, endpoint.Id, _center.Tenant);
        await _center.ExecuteAsync(
            """
            update command_center.webhook_endpoints set failures = 0, failing_since = null, last_failure_at = null, last_success_at = now()
            where tenant_id = $1
            """, _center.Tenant);
        var rule = await RuleAsync(HealingAction.Replay);

        await BothAsync(rule, endpoint with { Health = EndpointHealth.Well, LastFailureAt = null, LastSuccessAt = DateTimeOffset.UtcNow });

        await Eventually.True(async () => (await _center.Operator.IdsAsync("?event_type=delivery.replayed")).Length == 3, DeliveringCommandCenter.Soon);
        Assert.Equal(3, (await _center.HistoryAsync()).Count(one => one!["original_id"] is not null));
    }

    /// <summary>At once, and then late, with what was so before.</summary>
    private async Task BothAsync(HealingRule rule, WebhookEndpoint endpoint)
    {
        var healers = new[] { _center.Service, _other }.Select(one => one.Services.GetRequiredService<Healer>()).ToList();
        await Task.WhenAll(healers.Select(healer => healer.TakeAsync(rule, endpoint, CancellationToken.None)));
        foreach (var late in healers)
        {
            await late.TakeAsync(rule, endpoint, CancellationToken.None);
        }
    }

    private async Task<WebhookEndpoint> FailingAsync()
    {
        var (id, _) = await _center.AddWebhookAsync();
        await _center.ExecuteAsync(
            """
            update command_center.webhook_endpoints set failures = 3, failing_since = now() - interval '2 hours', last_failure_at = now(), last_triage = 2
            where tenant_id = $1
            """, _center.Tenant);
        return (await _center.Service.Services.GetRequiredService<EndpointStore>().FindAsync(id, null, CancellationToken.None))!;
    }

    private async Task<HealingRule> RuleAsync(HealingAction action, bool enabled = true)
    {
        var now = DateTimeOffset.UtcNow;
        return (await _center.Service.Services.GetRequiredService<RuleStore>().SaveAsync(
            new(Guid.NewGuid(), "both", _center.Tenant, "*", null, action, 1, 3, 3_600, enabled, "tests", now, now), CancellationToken.None))!;
    }
}
