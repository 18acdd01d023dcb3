using System.Diagnostics;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Committing;
using AetherLink.CommandCenter.Events.Streaming;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter.Alerts;

public sealed class ThroughputTests(AlertsFixture fixture, ITestOutputHelper output) : IClassFixture<AlertsFixture>
{
    private const int Batch = 2_000;

    private static readonly int Batches = Soak.Rounds(sample: 15, soak: 300);

    [Fact]
    public async Task Evaluator_is_at_the_head_soon_after_a_load_has_ended_and_costs_the_ingest_little()
    {
        var tenant = NewTenant();
        using var client = fixture.Service.Client(tenant: tenant);
        var without = await WriteAsync(tenant, "without");
        await client.RuleAsync(new { name = "all", window_seconds = 60, threshold = 10_000 });
        await client.RuleAsync(new { name = "by source", severity = "error,critical", group_by = "source", window_seconds = 300, threshold = 10 });
        await client.RuleAsync(new { name = "by path", event_type = "lead.created", group_by = "payload.lead_id", window_seconds = 300, threshold = 9_000 });
        for (var n = 0; n < 20; n++)
        {
            await client.RuleAsync(new { name = $"rare {n}", event_type = "autoheal.failed", window_seconds = 300, threshold = 3 });
        }
        await client.EvaluateAsync();

        var with = await WriteAsync(tenant, "with");
        var watch = Stopwatch.StartNew();
        await client.EvaluateAsync();

        output.WriteLine($"{Batch * Batches / without.TotalSeconds:N0} events/s without a rule, {Batch * Batches / with.TotalSeconds:N0} with 23; " +
            $"at the head {watch.ElapsedMilliseconds} ms after the last commit");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5));
        Assert.Equal(1, (await client.AlertsAsync("?state=raised")).Count(alert => (string)alert["rule"]!["name"]! == "all"));
    }

    private async Task<TimeSpan> WriteAsync(string tenant, string prefix)
    {
        var writer = fixture.Service.Services.GetRequiredService<IEventWriter>();
        var signal = fixture.Service.Services.GetRequiredService<CommitSignal>();
        var watch = Stopwatch.StartNew();
        for (var batch = 0; batch < Batches; batch++)
        {
            EventDraft[] drafts = [.. Enumerable.Range(0, Batch).Select(n =>
                Envelopes.Draft($"{prefix}-{batch}-{n}", tenant, payload: $$"""{"lead_id":"{{n % 50}}","text":"some words more"}""") with
                {
                    Timestamp = DateTimeOffset.UtcNow,
                })];
            await writer.WriteAsync(drafts, CancellationToken.None);
            signal.Pulse();
        }
        return watch.Elapsed;
    }
}
