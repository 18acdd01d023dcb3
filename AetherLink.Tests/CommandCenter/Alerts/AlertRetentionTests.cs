using AetherLink.CommandCenter.Alerts.Retaining;
using AetherLink.CommandCenter.Events.Retaining;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter.Alerts;

public sealed class AlertRetentionTests(AlertsFixture fixture) : IClassFixture<AlertsFixture>
{
    [Fact]
    public async Task Resolved_alerts_and_ended_silences_go_with_their_tenants_events_in_portions_and_by_the_slower_clock()
    {
        var (own, other) = (NewTenant(), NewTenant());
        await ExecuteAsync($"insert into command_center.retention_policies (tenant_id, retention_days) values ('{own}', 5)");
        await AlertsAsync(own, WithEvents.Chunk + 10, daysAgo: 6);
        await AlertsAsync(own, 1, daysAgo: 4);
        await AlertsAsync(other, 2, daysAgo: 6);
        await ExecuteAsync($"update command_center.alerts set resolved_at = null where seq = (select max(seq) from command_center.alerts where tenant_id = '{other}')");
        await ExecuteAsync(
            $"""
            insert into command_center.alert_silences (silence_id, tenant_id, matchers, starts_at, ends_at, until_resolved, reason, author, created_at)
            select gen_random_uuid(), t, '[]', now() - interval '7 days', now() - interval '6 days', false, 'r', 'a', now()
            from unnest(array['{own}', '{other}']) t
            """);

        var ahead = new SetClock();
        ahead.Advance(DateTimeOffset.UtcNow.AddDays(400) - ahead.GetUtcNow());
        await PruneAsync(ahead);
        // The service itself prunes, too, when it has started: what it is removing just then is not there to be removed.
        await Eventually.True(async () => await PruneAsync(TimeProvider.System) == (0, 0), TimeSpan.FromSeconds(30), "all is removed");

        await using var left = fixture.Source.CreateCommand(
            $"""
            select array[(select count(*) from command_center.alerts where tenant_id = '{own}'),
                (select count(*) from command_center.alerts where tenant_id = '{other}'),
                (select count(*) from command_center.alert_silences where tenant_id in ('{own}', '{other}'))]
            """);
        var counts = (long[])(await left.ExecuteScalarAsync())!;
        Assert.Equal((1, 2, 1), (counts[0], counts[1], counts[2]));
        await ExecuteAsync($"delete from command_center.alerts where tenant_id = '{other}'");
    }

    private async Task<(long Alerts, long Silences)> PruneAsync(TimeProvider clock)
    {
        using var retention = new AlertRetention(
            fixture.Source, fixture.Service.Services.GetRequiredService<DatabaseReady>(), clock, NullLogger<AlertRetention>.Instance);
        return await retention.PruneAsync(CancellationToken.None);
    }

    private Task AlertsAsync(string tenant, int count, int daysAgo) => ExecuteAsync(
        $"""
        insert into command_center.alerts (alert_id, rule_id, rule_name, tenant_id, group_key, alert_severity, threshold, window_seconds,
            matched_count, event_ids, raised_at, resolved_at)
        select gen_random_uuid(), gen_random_uuid(), 'r', '{tenant}', null, 0, 1, 1, 1, '{"{}"}', now() - interval '{daysAgo} days', now() - interval '{daysAgo} days'
        from generate_series(1, {count})
        """);

    private async Task ExecuteAsync(string sql)
    {
        await using var command = fixture.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
