using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Announcing;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.Postgres;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AetherLink.Tests.CommandCenter;

public sealed class AnnouncingTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Own_events_wait_while_Postgres_is_away_and_are_stored_once_and_in_order()
    {
        await using var service = await RunningCommandCenter.StartAsync(database.ConnectionString);
        using var client = service.Client();
        var announcer = service.Services.GetRequiredService<Announcer>();

        await database.GoAwayAsync();
        for (var n = 0; n < 20; n++)
        {
            announcer.AnnounceChange($"waits-{n}", "failed", EventTypes.ServiceHealthFailed, Severity.Error, new JsonObject { ["name"] = $"waits-{n}" });
        }
        await Eventually.True(() => service.Logs.Lines.Any(line => line.Id.Id == 2008), Soon, "they wait");
        await database.ComeBackAsync();

        string[] expected = [.. Enumerable.Range(0, 20).Select(n => $"waits-{n}")];
        await Eventually.True(async () => (await NamesAsync(client, "waits-")).SequenceEqual(expected), Soon, "all are stored");
    }

    [Fact]
    public async Task Change_that_every_replica_sees_is_announced_once()
    {
        var isWell = true;
        await using var target = await ToyApp.StartAsync(app =>
            app.MapGet("/state", () => isWell ? Results.Ok() : Results.StatusCode(500)).RequireAuthorization("public"));
        var replicas = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RunningCommandCenter.StartAsync(database.ConnectionString)));
        using var client = replicas[0].Client();
        var url = target.Http.BaseAddress!.ToString();
        using var registered = await client.PostAsJsonAsync("/ops/register", new { name = "watched", url, health_url = url + "state" });

        foreach (var status in (string[])["up", "down", "up", "down", "up"])
        {
            isWell = status == "up";
            foreach (var replica in replicas)
            {
                using var asking = replica.Client();
                await Eventually.True(
                    async () => (string?)(await asking.JsonAsync("/ops/health"))["services"]!["watched"]?["status"] == status, Soon, status);
            }
        }
        // The last of the replicas has seen the last change: what it has to say about it is said when it stops.
        foreach (var replica in replicas[1..])
        {
            await replica.DisposeAsync();
        }

        Assert.Equal(
            ["service.health.failed", "service.health.recovered", "service.health.failed", "service.health.recovered"],
            await TypesAsync(client, "watched"));
        await replicas[0].DisposeAsync();
    }

    [Fact]
    public async Task Version_that_changed_while_nobody_watched_is_told_by_the_next_process_and_an_unchanged_one_is_not()
    {
        var version = "1.0";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var target = builder.Build();
        target.Urls.Add("http://127.0.0.1:0");
        target.MapGet("/health", () => Results.Ok());
        target.MapGet("/ping", () => Results.Json(new { version }));
        await target.StartAsync();
        var settings = new Dictionary<string, string?> { ["services:versioned:http:0"] = target.Urls.Single() };
        foreach (var next in (string[])["1.0", "1.0", "2.0", "2.0"])
        {
            version = next;
            await using var service = await RunningCommandCenter.StartAsync(database.ConnectionString, settings: settings);
            using var asking = service.Client();
            await Eventually.True(
                async () => (await asking.JsonAsync("/ops/services"))["services"]!.AsArray()
                    .Any(entry => (string?)entry!["name"] == "versioned" && (string?)entry["version"] == next),
                Soon, $"it is known to be {next}");
        }

        await using var last = await RunningCommandCenter.StartAsync(database.ConnectionString);
        using var client = last.Client();
        async Task<string[]> ToldAsync() =>
        [
            .. (await client.JsonAsync("/events/recent?event_type=service.version.changed"))["events"]!.AsArray()
                .Select(one => one!["payload"]!).Where(payload => (string?)payload["name"] == "versioned").Select(payload => $"{payload["from"]} {payload["to"]}"),
        ];
        await Eventually.True(async () => (await ToldAsync()).Length > 0, Soon, "the change is told");
        Assert.Equal(["1.0 2.0"], await ToldAsync());
    }

    [Fact]
    public async Task Change_is_no_news_when_it_was_announced_or_was_seen_before_what_was_announced()
    {
        await using var service = await RunningCommandCenter.StartAsync(database.ConnectionString);
        using var client = service.Client();
        var changes = service.Services.GetRequiredService<ChangeLog>();
        var clock = service.Services.GetRequiredService<TimeProvider>();
        async Task SeeAsync(string state, int secondsAgo, string name, bool isFirstSight = false) => await changes.StoreAsync(
            Envelopes.Draft(Guid.NewGuid().ToString(), type: "service.health.failed", payload: $$"""{"name":"{{name}}"}"""),
            new("seen", state, clock.GetTimestamp() - (secondsAgo * clock.TimestampFrequency), isFirstSight), CancellationToken.None);

        await SeeAsync("well", 60, "seen-first-sight-of-what-nobody-knows", isFirstSight: true);
        await SeeAsync("failed", 50, "seen-1");
        await SeeAsync("failed", 40, "seen-by-another");
        await SeeAsync("well", 55, "seen-before-it-failed");
        await SeeAsync("well", 30, "seen-2", isFirstSight: true);
        await SeeAsync("failed", 35, "seen-late");
        await SeeAsync("failed", 1, "seen-3");

        Assert.Equal(["seen-1", "seen-2", "seen-3"], await NamesAsync(client, "seen-"));
    }

    [Fact]
    public async Task Registration_that_cannot_be_told_of_does_not_happen_and_one_that_happens_is_told_of()
    {
        await using var service = await RunningCommandCenter.StartAsync(database.ConnectionString);
        using var client = service.Client();
        var source = service.Services.GetRequiredService<NpgsqlDataSource>();
        async Task<HttpStatusCode> RegisterAsync()
        {
            using var answer = await client.PostAsJsonAsync("/ops/register", new { name = "told-of", url = "http://127.0.0.1:9/" });
            return answer.StatusCode;
        }

        await ExecuteAsync(source, "alter table command_center.feed_head rename to feed_head_elsewhere");
        var refused = await RegisterAsync();
        var meanwhile = await CountAsync(source, "registered_services where name = 'told-of'");
        await ExecuteAsync(source, "alter table command_center.feed_head_elsewhere rename to feed_head");
        var taken = await RegisterAsync();
        using var removed = await client.DeleteAsync("/ops/services/told-of");

        Assert.Equal((false, 0, HttpStatusCode.OK, HttpStatusCode.OK), (refused is HttpStatusCode.OK, meanwhile, taken, removed.StatusCode));
        Assert.Equal(2, await CountAsync(source, "events where event_type in ('service.registered', 'service.unregistered') and payload ->> 'name' = 'told-of'"));
    }

    [Fact]
    public async Task What_was_pruned_before_a_kill_is_announced_once_by_the_next_process_with_what_it_prunes_itself()
    {
        var settings = new Dictionary<string, string?> { ["LOG_LEVEL"] = "Debug" };
        await using (var before = await RunningCommandCenter.StartAsync(database.ConnectionString, settings: settings))
        {
            await Eventually.True(() => before.Logs.Lines.Any(line => line.Id.Id == 2009), Soon, "it has pruned");
            await ExecuteAsync(
                before.Services.GetRequiredService<NpgsqlDataSource>(),
                "insert into command_center.pruned values ('killed', 5, now() - interval '6 days', 20000)");
        }

        await using var service = await RunningCommandCenter.StartAsync(database.ConnectionString, settings: settings);
        await Eventually.True(() => service.Logs.Lines.Any(line => line.Id.Id == 2009), Soon, "it has pruned");

        using var client = service.Client(tenant: "killed");
        var told = (await client.JsonAsync("/events/recent?event_type=ops.events.pruned"))["events"]!.AsArray().Single()!;
        Assert.Equal((20_000, 5), ((int)told["payload"]!["events"]!, (int)told["payload"]!["retention_days"]!));
        Assert.Equal(0, await CountAsync(service.Services.GetRequiredService<NpgsqlDataSource>(), "pruned"));
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> CountAsync(NpgsqlDataSource source, string what)
    {
        await using var command = source.CreateCommand($"select count(*) from command_center.{what}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<string[]> NamesAsync(HttpClient client, string prefix) =>
        [.. (await EventsAsync(client)).Select(one => (string)one["payload"]!["name"]!).Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];

    private static async Task<string[]> TypesAsync(HttpClient client, string name) =>
        [.. (await EventsAsync(client)).Where(one => (string?)one["payload"]!["name"] == name).Select(one => (string)one["event_type"]!)
            .Where(type => type.StartsWith("service.health.", StringComparison.Ordinal))];

    private static async Task<IEnumerable<JsonNode>> EventsAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/events/recent?limit=500&event_type=service.registered,service.health.failed,service.health.recovered");
        return answer.IsSuccessStatusCode ? (await answer.JsonAsync())["events"]!.AsArray().Reverse().Select(one => one!) : [];
    }
}
