using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Committing;
using AetherLink.CommandCenter.Events.Streaming;
using Microsoft.Extensions.DependencyInjection;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter.Alerts;

public sealed class LoadTests(AlertsFixture fixture) : IClassFixture<AlertsFixture>
{
    private const int Batch = 2_000;
    private const int Leads = 50;

    private const int Batches = 6;

    /// <summary>Pages of thousands, as they come when the evaluator is behind: how fast it is, the bench tells.</summary>
    [Fact]
    public async Task Evaluator_misses_nothing_of_a_load_against_many_rules()
    {
        var tenant = NewTenant();
        using var client = fixture.Service.Client(tenant: tenant);
        await client.RuleAsync(new { name = "all", window_seconds = 3600, threshold = 10_000 });
        await client.RuleAsync(new { name = "by source", severity = "error,critical", group_by = "source", window_seconds = 3600, threshold = 1 });
        await client.RuleAsync(new { name = "by path", event_type = "lead.created", group_by = "payload.lead_id", window_seconds = 3600, threshold = Batch * Batches / Leads });
        await client.RuleAsync(new { name = "one more", event_type = "lead.created", group_by = "payload.lead_id", window_seconds = 3600, threshold = (Batch * Batches / Leads) + 1 });
        for (var n = 0; n < 20; n++)
        {
            await client.RuleAsync(new { name = $"rare {n}", event_type = "autoheal.failed", window_seconds = 300, threshold = 3 });
        }
        await client.EvaluateAsync();

        await WriteAsync(tenant);
        await client.EvaluateAsync();

        var raised = (await client.AlertsAsync("?state=raised&limit=200")).GroupBy(alert => (string)alert["rule"]!["name"]!)
            .Select(rule => (rule.Key, rule.Count())).Order();
        Assert.Equal([("all", 1), ("by path", Leads)], raised);
    }

    private async Task WriteAsync(string tenant)
    {
        var writer = fixture.Service.Services.GetRequiredService<IEventWriter>();
        var signal = fixture.Service.Services.GetRequiredService<CommitSignal>();
        for (var batch = 0; batch < Batches; batch++)
        {
            EventDraft[] drafts = [.. Enumerable.Range(0, Batch).Select(n =>
                Envelopes.Draft($"{batch}-{n}", tenant, payload: $$"""{"lead_id":"{{n % Leads}}","text":"some words more"}""") with
                {
                    Timestamp = DateTimeOffset.UtcNow,
                })];
            await writer.WriteAsync(drafts, CancellationToken.None);
            signal.Pulse();
        }
    }
}
