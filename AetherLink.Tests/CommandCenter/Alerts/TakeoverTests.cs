using System.Diagnostics;
using System.Net.Http.Json;
using AetherLink.Tests.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit.Abstractions;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter.Alerts;

[Collection(Alone.Name)]
public sealed class TakeoverTests(PostgresDatabase database, ITestOutputHelper output) : IClassFixture<PostgresDatabase>
{
    private const int Sources = 200;

    private static readonly TimeSpan Takeover = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Evaluator_is_taken_over_when_it_is_killed_and_raises_nothing_twice_and_misses_nothing()
    {
        await using var survivor = await RunningCommandCenter.StartAsync(database.ConnectionString);
        var source = survivor.Services.GetRequiredService<NpgsqlDataSource>();
        using var client = survivor.Client(tenant: NewTenant());
        await client.RuleAsync(new { name = "each", event_type = "lead.created", group_by = "payload.n", window_seconds = 600, threshold = 2 });
        await client.RuleAsync(new { name = "across", event_type = "lead.assigned", window_seconds = 600, threshold = 2 });
        await client.PublishManyAsync(1, "lead.assigned");
        await client.EvaluateAsync();
        var kills = Soak.Rounds(sample: 3, soak: 50);
        // A rule counts a thousand groups at most. Half of a round's are let go before its kill, half after it.
        var share = 800 / (2 * kills);
        using var permits = new SemaphoreSlim(100);
        var groups = 0;

        // Every group gets its first event long before its second: a window that is not rebuilt misses the crossing.
        var publishing = Task.Run(async () =>
        {
            for (var last = 100 + (2 * share * kills); groups < last; groups++)
            {
                await permits.WaitAsync();
                await client.PublishManyAsync(1, payload: new { n = groups });
                if (groups >= 50)
                {
                    await client.PublishManyAsync(1, payload: new { n = groups - 50 });
                }
            }
        });
        for (var kill = 0; kill < kills; kill++)
        {
            permits.Release(share);
            await Eventually.True(async () => await AlertRequests.KillEvaluatorAsync(source) == 1, Takeover, "somebody evaluates");
            var raised = (await client.AlertsAsync("?limit=1")).FirstOrDefault()?["group"]?.ToString();
            permits.Release(share);
            var watch = Stopwatch.StartNew();
            await Eventually.True(async () => (await client.AlertsAsync("?limit=1")).FirstOrDefault()?["group"]?.ToString() != raised, Takeover, "the takeover");
            Assert.True(watch.Elapsed < Takeover);
        }
        await publishing;
        await client.PublishManyAsync(1, "lead.assigned");
        await client.EvaluateAsync();

        await using var count = source.CreateCommand(
            """
            select array[
                (select count(*) from command_center.alerts where rule_name = 'each'),
                (select count(distinct group_key) from command_center.alerts where rule_name = 'each'),
                (select count(*) from command_center.events where event_type = 'ops.alert.raised' and payload ->> 'rule_name' = 'each'),
                (select count(*) from command_center.alerts where rule_name = 'across')]
            """);
        Assert.Equal([groups - 50, groups - 50, groups - 50, 1], (long[])(await count.ExecuteScalarAsync())!);
    }

    /// <summary>A million events of a day and more in a soak, of which rules of any type and of a type count all.</summary>
    [Fact]
    public async Task Evaluator_is_taken_over_within_five_seconds_with_a_day_of_events_in_its_windows()
    {
        await using var survivor = await RunningCommandCenter.StartAsync(database.ConnectionString);
        var source = survivor.Services.GetRequiredService<NpgsqlDataSource>();
        using var client = survivor.Client(tenant: NewTenant());
        var tenant = client.DefaultRequestHeaders.GetValues("X-Tenant-ID").Single();
        var events = Soak.Rounds(sample: 50_000, soak: 1_000_000);
        await FillAsync(source, tenant, events);
        await client.RuleAsync(new { name = "any", window_seconds = 86_400, threshold = 10_000 });
        await client.RuleAsync(new { name = "by source", event_type = "lead.created", group_by = "source", window_seconds = 86_400, threshold = (events / Sources) + 1 });
        await client.RuleAsync(new { name = "recent", severity = "error", window_seconds = 300, threshold = 1 });
        await Eventually.True(async () => (await RaisedAsync(client)).Length > 0, TimeSpan.FromMinutes(1), "the rules are taken");
        Assert.Equal(["any"], await RaisedAsync(client));

        Assert.Equal(1, await AlertRequests.KillEvaluatorAsync(source));
        var watch = Stopwatch.StartNew();
        await client.PublishManyAsync(1, severity: "error");
        await Eventually.True(async () => (await RaisedAsync(client)).Contains("recent"), TimeSpan.FromMinutes(1), "the takeover");
        output.WriteLine($"Taken over, with {events} events in the windows, within {watch.Elapsed.TotalSeconds:0.0} s.");
        // A sample shows that nothing is missed; how long it takes is of interest for the many events of a soak.
        Assert.True(watch.Elapsed < Takeover || !Soak.IsOn);

        // One more of a source crosses the threshold, of all its events before the takeover.
        using var one = await client.PostAsJsonAsync("/events/publish", new { event_type = "lead.created", source = "s-7", payload = new { lead_id = "1" } });
        await client.EvaluateAsync();
        Assert.Equal(["any", "by source s-7", "recent"], await RaisedAsync(client));
    }

    private static async Task<string[]> RaisedAsync(HttpClient client) =>
        [.. (await client.AlertsAsync()).Select(alert => $"{alert["rule"]!["name"]} {alert["group"]}".Trim()).Order(StringComparer.Ordinal)];

    /// <summary>Events of the last 23 hours, as many from each of the sources, as if they had come then.</summary>
    private static async Task FillAsync(NpgsqlDataSource source, string tenant, int events)
    {
        var yesterday = DateTime.UtcNow.Date.AddDays(-1);
        await using var fill = source.CreateCommand(
            $$"""
            create table if not exists command_center.events_{{yesterday:yyyyMMdd}} partition of command_center.events
                for values from ('{{yesterday:yyyy-MM-dd}} 00:00:00+00') to ('{{yesterday.AddDays(1):yyyy-MM-dd}} 00:00:00+00');
            select pg_advisory_xact_lock(x'6576656e7473'::bigint);
            insert into command_center.events (seq, event_id, tenant_id, event_type, source, severity, occurred_at, received_at, origin, payload)
            select h.last_seq + n, 'f' || n, '{{tenant}}', 'lead.created', 's-' || n % {{Sources}}, 0, t.at, t.at, 0,
                '{"lead_id": "1", "text": "as long as an event is, so that as much is read of the table as would be of a real one"}'
            from command_center.feed_head h, generate_series(1, {{events}}) n,
                lateral (select now() - interval '23 hours' * (1 - n::float8 / {{events}}) as at) t;
            insert into command_center.feed_minutes (minute, first_seq)
            select date_trunc('minute', received_at, 'UTC'), min(seq) from command_center.events where tenant_id = '{{tenant}}' group by 1
            on conflict do nothing;
            update command_center.feed_head set last_seq = last_seq + {{events}}, last_at = greatest(last_at, now());
            """);
        fill.CommandTimeout = 300;
        await fill.ExecuteNonQueryAsync();
        await using var analyze = source.CreateCommand("analyze command_center.events");
        analyze.CommandTimeout = 300;
        await analyze.ExecuteNonQueryAsync();
    }

    [Fact]
    public async Task Another_replica_goes_on_when_one_is_gone_and_hears_of_rules_made_at_any()
    {
        await using var second = await RunningCommandCenter.StartAsync(database.ConnectionString);
        using var client = second.Client(tenant: NewTenant());
        await using (var first = await RunningCommandCenter.StartAsync(database.ConnectionString))
        {
            using var elsewhere = first.Client(tenant: client.DefaultRequestHeaders.GetValues("X-Tenant-ID").Single());
            await elsewhere.RuleAsync(new { name = "made there", event_type = "lead.created", window_seconds = 600, threshold = 2 });
            await client.PublishManyAsync(1);
            await elsewhere.EvaluateAsync();
        }

        await client.PublishManyAsync(1);

        await Eventually.True(async () => await client.StateAsync() == "raised", Takeover);
    }
}
