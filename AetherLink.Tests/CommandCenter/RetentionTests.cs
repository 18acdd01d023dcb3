using System.Net;
using System.Net.Http.Json;
using AetherLink.CommandCenter.Events.Retaining;
using AetherLink.Tests.Postgres;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AetherLink.Tests.CommandCenter;

public sealed class RetentionTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task Events_beyond_their_retention_are_removed_by_partition_and_by_tenant()
    {
        await using var service = await StartPrunedAsync(database.ConnectionString);
        var source = service.Services.GetRequiredService<NpgsqlDataSource>();
        var pruning = service.Services.GetRequiredService<Pruning>();
        await FillAsync(source, daysAgo: 100, "a", "b");
        await FillAsync(source, daysAgo: 10, "a", "b");
        await FillAsync(source, daysAgo: 3, "a", "b");

        var policies = new RetentionPolicies(90, new Dictionary<string, int> { ["b"] = 5 });
        var pruned = await pruning.PruneAsync(policies, CancellationToken.None);
        var again = await pruning.PruneAsync(policies, CancellationToken.None);

        Assert.Equal([("b", 2L), (null, 1L)], pruned!.Select(one => (one.TenantId, one.Events)));
        Assert.Empty(again!);
        Assert.Equal(["a 10", "a 3", "b 3"], await LeftAsync(source));
    }

    [Theory]
    [InlineData(400, "a 3")]
    [InlineData(-400, "a 100,a 3")]
    public async Task Clock_that_was_set_wrong_removes_nothing_that_Postgres_takes_for_young(int daysAhead, string left)
    {
        await using var service = await StartPrunedAsync(await NewDatabaseAsync());
        var source = service.Services.GetRequiredService<NpgsqlDataSource>();
        await FillAsync(source, daysAgo: 100, "a");
        await FillAsync(source, daysAgo: 3, "a");
        var clock = new SetClock();
        clock.Advance(DateTimeOffset.UtcNow - clock.GetUtcNow() + TimeSpan.FromDays(daysAhead));

        await new Pruning(source, clock).PruneAsync(new(90, new Dictionary<string, int> { ["b"] = 5 }), CancellationToken.None);

        Assert.Equal(left.Split(','), await LeftAsync(source));
    }

    [Fact]
    public async Task What_was_pruned_is_announced_to_whom_it_belonged()
    {
        var connection = await NewDatabaseAsync();
        await using (var before = await StartPrunedAsync(connection))
        {
            var source = before.Services.GetRequiredService<NpgsqlDataSource>();
            using var admin = before.Client("admin");
            using var policy = await admin.PutAsJsonAsync("/events/retention/tenants/b", new { retention_days = 5 });
            await FillAsync(source, daysAgo: 100, "a", "b");
            await FillAsync(source, daysAgo: 10, "a", "b", "b");
        }

        await using var service = await RunningCommandCenter.StartAsync(connection);
        using var client = service.Client();
        async Task<string[]> AnnouncedAsync() =>
        [
            .. (await client.JsonAsync("/events/recent?event_type=ops.events.pruned"))["events"]!.AsArray()
                .Select(one => $"{one!["tenant_id"]} {one["payload"]!["tenant_id"]} {one["payload"]!["events"]} {one["payload"]!["retention_days"]}"),
        ];

        await Eventually.True(async () => (await AnnouncedAsync()).Length == 2, TimeSpan.FromSeconds(30), "both are announced");
        Assert.Equal(["b b 3 5", "default  1 90"], await AnnouncedAsync());
    }

    [Fact]
    public async Task Tenant_with_the_longest_policy_is_told_of_its_own_when_a_day_is_dropped()
    {
        await using var service = await StartPrunedAsync(await NewDatabaseAsync());
        var source = service.Services.GetRequiredService<NpgsqlDataSource>();
        await FillAsync(source, daysAgo: 200, "keeper", "keeper", "other");

        var pruned = await service.Services.GetRequiredService<Pruning>().PruneAsync(
            new(90, new Dictionary<string, int> { ["keeper"] = 120 }), CancellationToken.None);

        Assert.Equal([(null, 1L), ("keeper", 2L)], pruned!.Select(one => (one.TenantId, one.Events)));
    }

    [Fact]
    public async Task Calls_of_the_audit_are_kept_as_long_as_the_longest_policy()
    {
        await using var service = await StartPrunedAsync(database.ConnectionString);
        var source = service.Services.GetRequiredService<NpgsqlDataSource>();
        foreach (var daysAgo in new[] { 31, 29 })
        {
            await using var insert = source.CreateCommand(
                "insert into command_center.ai_calls (call_id, tenant_id, intent, outcome, attempts, fell_back, latency_ms, overhead_ms, " +
                "input_tokens, output_tokens, cost_usd, called_at) " +
                $"values ('{daysAgo}', 'kept', 'i', 'failed', '[]', false, 1, 1, 0, 0, 0, now() - interval '{daysAgo} days')");
            await insert.ExecuteNonQueryAsync();
        }

        await service.Services.GetRequiredService<Pruning>().PruneAsync(
            new(30, new Dictionary<string, int>()), CancellationToken.None);

        using var client = service.Client(tenant: "kept");
        Assert.Equal("29", (string?)Assert.Single((await client.JsonAsync("/ops/ai/calls"))["calls"]!.AsArray())!["call_id"]);
    }

    [Fact]
    public async Task Policy_is_set_and_reset_by_an_admin()
    {
        await using var service = await RunningCommandCenter.StartAsync(database.ConnectionString);
        using var admin = service.Client("admin");
        using var of = service.Client("admin", "t1");
        using var viewer = service.Client("operator");

        using var global = await admin.PutAsJsonAsync("/events/retention", new { retention_days = 30 });
        using var own = await of.PutAsJsonAsync("/events/retention/tenants/t1", new { retention_days = 7 });
        using var notTheirs = await of.PutAsJsonAsync("/events/retention", new { retention_days = 7 });
        using var wrong = await admin.PutAsJsonAsync("/events/retention", new { retention_days = 0 });
        using var forbidden = await viewer.GetAsync("/events/retention");
        var all = await admin.JsonAsync("/events/retention");
        using var reset = await admin.DeleteAsync("/events/retention");

        Assert.Equal((30, 7), ((int)all["retention_days"]!, (int)all["tenants"]!["t1"]!));
        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.BadRequest, HttpStatusCode.Forbidden],
            [global.StatusCode, own.StatusCode, notTheirs.StatusCode, wrong.StatusCode, forbidden.StatusCode]);
        Assert.Equal(90, (int)(await reset.JsonAsync())["retention_days"]!);
    }

    [Fact]
    public async Task Policies_of_tenants_are_read_by_page_and_by_whom_they_concern()
    {
        await using var service = await RunningCommandCenter.StartAsync(await NewDatabaseAsync());
        using var admin = service.Client("admin");
        using var of = service.Client("admin", "b");
        foreach (var tenant in (string[])["b", "A", "ä", "a b", "c"])
        {
            using var set = await admin.PutAsJsonAsync($"/events/retention/tenants/{Uri.EscapeDataString(tenant)}", new { retention_days = 7 });
            set.EnsureSuccessStatusCode();
        }

        var pages = await admin.PagesAsync("/events/retention?limit=2", page => page["tenants"]!.AsObject().Select(one => one.Key));

        Assert.Equal([["A", "a b"], ["b", "c"], ["ä"]], pages);
        Assert.Equal((5, null), ((await admin.JsonAsync("/events/retention"))["tenants"]!.AsObject().Count, (string?)(await admin.JsonAsync("/events/retention"))["next_cursor"]));
        Assert.Equal(["b"], (await of.JsonAsync("/events/retention"))["tenants"]!.AsObject().Select(one => one.Key));
        using var wrong = await admin.GetAsync("/events/retention?limit=1001&cursor=!");
        Assert.Equal(["cursor", "limit"], (await wrong.JsonAsync())["errors"]!.AsObject().Select(error => error.Key).Order());
    }

    /// <summary>The service's own pruning, at its start, must not be at what a test has filled in.</summary>
    private static async Task<RunningCommandCenter> StartPrunedAsync(string connectionString)
    {
        var service = await RunningCommandCenter.StartAsync(
            connectionString, settings: new() { ["LOG_LEVEL"] = "Debug" });
        await Eventually.True(() => service.Logs.Lines.Any(line => line.Id.Id == 2009), TimeSpan.FromSeconds(30), "it has pruned");
        return service;
    }

    private static async Task<string> NewDatabaseAsync() => await (await PostgresServer.SharedAsync()).CreateDatabaseAsync("retention");

    private static async Task FillAsync(NpgsqlDataSource source, int daysAgo, params string[] tenants)
    {
        var day = DateTime.UtcNow.Date.AddDays(-daysAgo);
        await using var partition = source.CreateCommand(
            $"create table if not exists command_center.events_{day:yyyyMMdd} partition of command_center.events " +
            $"for values from ('{day:yyyy-MM-dd} 00:00:00+00') to ('{day.AddDays(1):yyyy-MM-dd} 00:00:00+00')");
        await partition.ExecuteNonQueryAsync();
        foreach (var tenant in tenants)
        {
            await using var insert = source.CreateCommand(
                "insert into command_center.events (seq, event_id, tenant_id, event_type, source, severity, occurred_at, received_at, origin, payload) " +
                "values (0, $1, $2, 'lead.created', 's', 0, $3, $3, 0, '{}')");
            insert.Parameters.Add(new() { Value = $"{daysAgo}" });
            insert.Parameters.Add(new() { Value = tenant });
            insert.Parameters.Add(new() { Value = day.AddHours(12) });
            await insert.ExecuteNonQueryAsync();
        }
    }

    private static async Task<string[]> LeftAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand(
            "select array(select tenant_id || ' ' || event_id from command_center.events where seq = 0 order by 1)");
        return (string[])(await command.ExecuteScalarAsync())!;
    }
}
