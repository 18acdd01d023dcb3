using AetherLink.CommandCenter.AiUsage;
using AetherLink.CommandCenter.Insights.Anomalies.Feeding;
using Microsoft.Extensions.DependencyInjection;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter.Insights;

public sealed class SeriesFollowerTests(SteppedFeed feed) : IClassFixture<SteppedFeed>, IAsyncLifetime
{
    private const string Rate = "events/lead.created/info";

    private readonly string _tenant = NewTenant();

    public Task InitializeAsync() => feed.LeadAsync();

    public Task DisposeAsync() => feed.KillAsync();

    [Fact]
    public async Task Series_that_jumps_is_told_once_and_told_over_when_it_is_back_both_with_the_change()
    {
        await feed.FeedAsync(_tenant, 2_000, Usual);
        Assert.Equal("", await AnomaliesAsync());
        await feed.FeedAsync(_tenant, 8, _ => 40);
        var took = TimeSpan.Zero;
        for (var bucket = 0; bucket < 10 && await AnomaliesAsync() == ""; bucket++)
        {
            await feed.PutAsync(_tenant, 1, _ => 40);
            took = await feed.EndAsync(1);
        }
        Assert.Equal($"{Rate} 0", await AnomaliesAsync());
        Assert.Equal("ops.anomaly.detected", await ToldAsync());
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(5));

        await feed.FeedAsync(_tenant, 80, Usual);

        Assert.Equal($"{Rate} 2 ended", await AnomaliesAsync());
        Assert.Equal("ops.anomaly.detected ops.anomaly.resolved", await ToldAsync());
        Assert.Equal(0, await feed.ScalarAsync<long>("select count(*) from command_center.series where name like 'events/ops.%'"));
    }

    [Fact]
    public async Task Leader_that_is_killed_is_followed_by_one_that_knows_the_series_and_counts_and_raises_nothing_twice()
    {
        var published = 0;
        int Counted(int events)
        {
            published += events;
            return events;
        }
        // Killed while it catches up: events are read that are in no closed bucket yet.
        await feed.PutAsync(_tenant, 1_800, n => Counted(Usual(n)));
        var start = Bucket.Start(feed.Now);
        var ending = feed.EndAsync(1_800);
        await Eventually.True(async () => await feed.ClosedToAsync() > start.AddMinutes(20), TimeSpan.FromSeconds(20), "some buckets are closed");
        await feed.KillAsync();
        await feed.LeadAsync();
        await ending;
        for (var kill = 0; kill < 3; kill++)
        {
            await feed.FeedAsync(_tenant, 67, n => Counted(Usual(n)));
            // The open bucket has events that were read, and are in no point yet.
            await feed.PutAsync(_tenant, 1, n => Counted(1));
            await feed.KillAsync();
            await feed.LeadAsync();
            await feed.FeedAsync(_tenant, 3, n => Counted(Usual(n) - (n == 0 ? 1 : 0)));
        }
        Assert.Equal("", await AnomaliesAsync());
        // Learned anew, nothing would be unusual before thirty points.
        await feed.FeedAsync(_tenant, 8, _ => Counted(40));
        await feed.KillAsync();
        await feed.LeadAsync();
        await feed.FeedAsync(_tenant, 22, _ => Counted(40));

        Assert.Equal($"{Rate} 0", await AnomaliesAsync());
        Assert.Equal("ops.anomaly.detected", await ToldAsync());
        Assert.Equal(published, await feed.TotalAsync(_tenant, Rate));

        await feed.KillAsync();
        await feed.LeadAsync();
        await feed.FeedAsync(_tenant, 80, Usual);
        Assert.Equal($"{Rate} 2 ended", await AnomaliesAsync());
    }

    [Fact]
    public async Task Time_in_which_nobody_counted_is_no_quiet_time()
    {
        await feed.FeedAsync(_tenant, 100, Usual);
        var since = Bucket.Start(feed.Now);
        await feed.KillAsync();
        var points = feed.EndAsync(360);
        await feed.LeadAsync();
        await feed.PutAsync(_tenant, 1, Usual);
        await feed.EndAsync(1);
        await points;

        // The last minute before it began to count again is all that may have been quiet.
        Assert.InRange(await feed.ScalarAsync<long>($"select count(*) from command_center.series_points where at >= '{since:O}'"), 1, 8);
    }

    [Fact]
    public async Task Attempts_of_calls_and_deliveries_become_series_of_their_tenant()
    {
        await feed.Services.GetRequiredService<AiCallStore>().WriteAsync(
            [Call("1", "claude", "failed"), Call("2", "claude", "success"), Call("3", "claude", "failed"), Call("4", "local", "skipped")], CancellationToken.None);
        await feed.ExecuteAsync(
            $"""
            insert into command_center.deliveries (id, message_id, endpoint_id, tenant_id, event_id, event_type, severity, created_at, body)
            select ('00000000-0000-7000-8000-' || right(md5('{_tenant}'), 11) || n)::uuid, 'm', '11111111-1111-7111-8111-111111111111', '{_tenant}', 'e', 't', 0, now(), ''
            from generate_series(1, 4) n;
            insert into command_center.delivery_attempts (delivery_id, number, started_at, duration_ms, error, lease_lost)
            select ('00000000-0000-7000-8000-' || right(md5('{_tenant}'), 11) || n)::uuid, 1, now(), n * 10, (array[0, 4, 10, 1])[n], false
            from generate_series(1, 4) n
            """);

        await feed.EndAsync(1);

        const string Endpoint = "deliveries/11111111-1111-7111-8111-111111111111";
        Assert.Equal(2, await feed.TotalAsync(_tenant, "ai/claude/failures"));
        Assert.Equal(40, await feed.TotalAsync(_tenant, "ai/claude/latency"));
        Assert.Equal(2, await feed.TotalAsync(_tenant, $"{Endpoint}/failures"));
        // Of those that were answered, which are the first and the last.
        Assert.Equal(25, await feed.TotalAsync(_tenant, $"{Endpoint}/latency"));
        Assert.Equal(4, await feed.ScalarAsync<long>($"select count(*) from command_center.series where tenant_id = '{_tenant}'"));
        Assert.Equal(0, await feed.ScalarAsync<long>("select count(*) from command_center.observations"));
    }

    [Fact]
    public async Task Heal_is_counted_when_the_mesh_tells_of_it_and_not_when_a_tenant_or_anybody_else_does()
    {
        await feed.ExecuteAsync(
            $$"""
            with told as (
                insert into command_center.events (seq, event_id, tenant_id, event_type, source, severity, occurred_at, received_at, publisher, origin, payload)
                select h.last_seq + n, 'heal-' || n, case n when 1 then '{{_tenant}}' else 'default' end, 'autoheal.attempted', 'tests', 1,
                    '{{Bucket.Start(feed.Now):O}}', '{{Bucket.Start(feed.Now):O}}', case n when 2 then 'somebody' when 3 then 'command-center' end,
                    case when n in (1, 4) then 1 else 0 end, '{"service": "{{_tenant}}"}'
                from generate_series(1, 5) n, command_center.feed_head h
            )
            update command_center.feed_head set last_seq = last_seq + 5
            """);

        await feed.EndAsync(1);

        Assert.Equal(2, await feed.TotalAsync("default", $"heals/{_tenant}"));
        Assert.Equal(1, await feed.TotalAsync(_tenant, "events/autoheal.attempted/warning"));
    }

    private AiCall Call(string id, string provider, string outcome) => new()
    {
        CallId = $"{id}-{_tenant}",
        TenantId = _tenant,
        Intent = "extract-lead",
        Outcome = outcome,
        Provider = provider,
        Attempts = [new(provider, outcome, null, 40)],
        Timestamp = DateTimeOffset.UtcNow,
    };

    private static int Usual(int n) => 1 + (n * 7 % 3);

    private Task<string> AnomaliesAsync() => feed.ScalarAsync<string>(
        $"""
        select coalesce(string_agg(series || ' ' || state || case when ended_at is not null then ' ended' else '' end, ', ' order by seq), '')
        from command_center.anomalies where tenant_id = '{_tenant}'
        """);

    private Task<string> ToldAsync() => feed.ScalarAsync<string>(
        $"select coalesce(string_agg(event_type, ' ' order by seq), '') from command_center.events where tenant_id = '{_tenant}' and event_type like 'ops.%'");
}
