using System.Net;
using System.Net.Http.Json;
using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Healing;
using AetherLink.Tests.Postgres;
using Microsoft.AspNetCore.Http;

namespace AetherLink.Tests.CommandCenter.Deliveries;

public sealed class HealingTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private const string Rules = "/autoheal/rules";
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private DeliveringCommandCenter _center = null!;

    public async Task InitializeAsync() => _center = await DeliveringCommandCenter.StartAsync(database);

    public Task DisposeAsync() => _center.DisposeAsync().AsTask();

    [Fact]
    public async Task Rule_replays_what_was_given_up_once_the_endpoint_answers_again()
    {
        var (id, _) = await _center.AddWebhookAsync();
        await SaveAsync(new { name = "again", action = "replay", match_endpoint = "http://127.0.0.1:*", match_triage = "transient_endpoint_down" });
        _center.Receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await _center.PublishAsync("dead");
        await _center.DeliveryAsync("dead", one => (string?)one["status"] == "failed");
        await _center.ExecuteAsync("update command_center.delivery_queue set failed = 9, due_at = now() where tenant_id = $1", _center.Tenant);
        await _center.DeliveryAsync("dead", one => (string?)one["status"] == "dead_letter");

        _center.Receiver.Answer = null;
        await _center.PublishAsync("alive");
        var replay = await _center.DeliveryAsync("dead", one => (string?)one["status"] == "success", "the rule has replayed it");

        Assert.Equal(("healing rule 'again'", id.ToString()), ((string?)replay["replayed_by"], (string?)replay["endpoint_id"]));
        Assert.NotNull(replay["original_id"]);
    }

    [Fact]
    public async Task Rule_cools_an_endpoint_down_and_an_admin_ends_it()
    {
        await _center.AddWebhookAsync();
        await SaveAsync(new { name = "calm", action = "cool_down", cooldown_seconds = 600 });
        _center.Receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        };
        await _center.PublishAsync("fails");
        await Eventually.True(async () => (await CooldownsAsync()).Count == 1, DeliveringCommandCenter.Soon, "it cools down");
        var cooldown = (await CooldownsAsync())[0]!;

        using var nobody = await _center.Operator.PostAsJsonAsync("/autoheal/clear_endpoint_cooldown", new { endpoint_url = "x" });
        using var unknown = await _center.Admin.PostAsJsonAsync("/autoheal/clear_endpoint_cooldown", new { endpoint_url = "http://127.0.0.1:1/" });
        using var missing = await _center.Admin.PostAsJsonAsync("/autoheal/clear_endpoint_cooldown", new { });
        using var cleared = await _center.Admin.PostAsJsonAsync(
            "/autoheal/clear_endpoint_cooldown", new { endpoint = _center.Receiver.At("/hook").ToString() });

        Assert.Equal("Healing rule 'calm'.", (string?)cooldown["reason"]);
        var started = (await _center.Operator.JsonAsync("/events/recent?event_type=autoheal.cooldown.started"))["events"]![0]!["payload"]!;
        Assert.Equal(((string?)cooldown["endpoint_url"], "Healing rule 'calm'."), ((string?)started["endpoint_url"], (string?)started["reason"]));
        var entries = (await _center.Admin.JsonAsync("/audit/operator"))["entries"]!.AsArray();
        var (start, end) = (entries.Single(entry => (string?)entry!["action"] == "endpoint_cooldown.started")!, entries.Single(entry => (string?)entry!["action"] == "endpoint_cooldown.cleared")!);
        Assert.Equal(("service", "admin"), ((string?)start["roles"]![0], (string?)end["roles"]![0]));
        Assert.Equal(("Healing rule 'calm'.", "Healing rule 'calm'."), ((string?)start["after"]!["reason"], (string?)end["before"]!["reason"]));
        Assert.Equal(
            [HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.BadRequest, HttpStatusCode.OK],
            [nobody.StatusCode, unknown.StatusCode, missing.StatusCode, cleared.StatusCode]);
        var answer = await cleared.JsonAsync();
        Assert.Equal(("cleared", (string?)cooldown["endpoint_url"]), ((string?)answer["status"], (string?)answer["endpoint_url"]));
        Assert.Single(await _center.Operator.IdsAsync("?event_type=autoheal.cooldown.cleared"));
    }

    [Fact]
    public async Task Cooldowns_are_paged()
    {
        for (var n = 0; n < 3; n++)
        {
            await _center.AddWebhookAsync($"/hook-{n}");
        }
        await _center.ExecuteAsync("update command_center.webhook_endpoints set cooldown_until = now() + interval '1 hour' where tenant_id = $1", _center.Tenant);

        var first = await _center.Operator.JsonAsync("/autoheal/cooldowns?limit=2");
        var second = await _center.Operator.JsonAsync($"/autoheal/cooldowns?limit=2&cursor={first["next_cursor"]}");
        using var wrong = await _center.Operator.GetAsync("/autoheal/cooldowns?limit=0&cursor=x");

        Assert.Equal((2, 1, null), ((int)first["count"]!, (int)second["count"]!, (string?)second["next_cursor"]));
        Assert.Equal(3, first["cooldowns"]!.AsArray().Concat(second["cooldowns"]!.AsArray()).Select(one => (string?)one!["endpoint_id"]).Distinct().Count());
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task Policy_by_which_containers_are_healed_is_shown_as_AutoHeal_tells_it_and_the_rules_without_it()
    {
        await using var autoHeal = await Receiver.StartAsync();
        autoHeal.Answer = async (context, _) =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"interval_seconds":2,"watching":["web"]}""");
        };
        await using var with = await DeliveringCommandCenter.StartServiceAsync(
            database.ConnectionString, new() { ["services:auto-heal:http:0"] = autoHeal.Address.ToString() });
        using var client = with.Client();

        var shown = await client.JsonAsync(Rules);
        var alone = await _center.Operator.JsonAsync(Rules);

        Assert.Equal(2, (int)shown["container_healing"]!["interval_seconds"]!);
        Assert.Contains(autoHeal.Received, one => one.Path == "/autoheal/status");
        Assert.Null(alone["container_healing"]);
    }

    [Fact]
    public async Task Tenant_has_fifty_rules_and_takes_the_room_of_nobody()
    {
        await _center.ExecuteAsync(
            """
            insert into command_center.delivery_healing_rules (id, name, tenant_id, match_endpoint, action, cooldown_seconds, max_replays, window_seconds, enabled, created_by)
            select gen_random_uuid(), 'r', $1, '*', 2, 1, 1, 3600, false, 'tests' from generate_series(1, 50)
            """, _center.Tenant);
        using var other = _center.Service.Client("admin", CommandCenterRequests.NewTenant());

        using var full = await _center.Admin.PostAsJsonAsync(Rules, new { name = "x", action = "disable" });
        using var made = await other.PostAsJsonAsync(Rules, new { name = "x", action = "disable" });

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Created), (full.StatusCode, made.StatusCode));
    }

    [Fact]
    public async Task Rules_are_made_changed_and_removed_by_an_admin_of_their_tenant()
    {
        var id = await SaveAsync(new { name = "mine", action = "disable", window_seconds = 7_200 });
        using var other = _center.Service.Client("admin", "another");

        using var changed = await _center.Admin.PutAsJsonAsync($"{Rules}/{id}", new { name = "mine", action = "disable", enabled = false });
        using var foreign = await other.PutAsJsonAsync($"{Rules}/{id}", new { name = "theirs", action = "disable" });
        using var wrong = await _center.Admin.PostAsJsonAsync(
            Rules, new { match_triage = "permanent_4xx", action = "replay", cooldown_seconds = 0, max_replays = 0, window_seconds = -1 });
        using var unprivileged = await _center.Operator.PostAsJsonAsync(Rules, new { name = "x", action = "disable" });
        var mine = (await _center.Operator.JsonAsync(Rules))["rules"]!.AsArray();
        var theirs = (await other.JsonAsync(Rules))["rules"]!.AsArray();
        using var removed = await _center.Admin.DeleteAsync($"{Rules}/{id}");

        Assert.False((bool)(await changed.JsonAsync())["rule"]!["enabled"]!);
        Assert.Equal(
            [HttpStatusCode.NotFound, HttpStatusCode.BadRequest, HttpStatusCode.Forbidden, HttpStatusCode.OK],
            [foreign.StatusCode, wrong.StatusCode, unprivileged.StatusCode, removed.StatusCode]);
        Assert.Equal(
            ["cooldown_seconds", "match_triage", "max_replays", "name", "window_seconds"],
            (await wrong.JsonAsync())["errors"]!.AsObject().Select(error => error.Key).Order());
        Assert.Contains(mine, rule => (string?)rule!["id"] == id);
        Assert.DoesNotContain(theirs, rule => (string?)rule!["id"] == id);
    }

    [Fact]
    public async Task Pattern_that_is_a_whole_url_is_shown_and_audited_without_its_path_and_comes_back_as_it_was()
    {
        var url = _center.Receiver.At("/services/hunter2hunter2").ToString();
        var id = await SaveAsync(new { name = "whole", action = "disable", match_endpoint = url });
        var shown = (string)(await _center.Operator.JsonAsync(Rules))["rules"]!.AsArray().Single(rule => (string?)rule!["id"] == id)!["match_endpoint"]!;
        Assert.Equal($"{_center.Receiver.Address.GetLeftPart(UriPartial.Authority)}/***", shown);

        using var changed = await _center.Admin.PutAsJsonAsync($"{Rules}/{id}", new { name = "renamed", action = "disable", match_endpoint = shown });

        Assert.DoesNotContain("hunter2", await changed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", (await _center.Admin.JsonAsync("/audit/operator")).ToJsonString(), StringComparison.Ordinal);
        await using var stored = _center.Source.CreateCommand("select match_endpoint from command_center.delivery_healing_rules where name = 'renamed'");
        Assert.Equal(url, await stored.ExecuteScalarAsync());
    }

    [Theory]
    [InlineData("*", "*")]
    [InlineData("https://hooks.slack.com/*", "https://hooks.slack.com/*")]
    [InlineData("https://hooks.slack.com/services/T/B/x", "https://hooks.slack.com/***")]
    [InlineData("https://ann:secret@host.example/*", "https://***@host.example/*")]
    [InlineData("*/services/T/B/x*", "*/***")]
    [InlineData("https://host.example?token=x", "https://host.example/***")]
    [InlineData("0198c1de-0000-7000-8000-000000000000", "0198c1de-0000-7000-8000-000000000000")]
    public void Pattern_is_shown_up_to_its_host(string pattern, string shown) => Assert.Equal(shown, EndpointPattern.Masked(pattern));

    [Fact]
    public void Rule_disables_what_has_failed_for_its_whole_window()
    {
        var rule = Rule(HealingAction.Disable, window: 3_600);

        Assert.Null(HealingDecision.Decide(rule, Failing(since: Now.AddMinutes(-59), last: Now), null, Now));
        Assert.IsType<HealingStep.Disable>(HealingDecision.Decide(rule, Failing(since: Now.AddMinutes(-61), last: Now), null, Now));
        Assert.Null(HealingDecision.Decide(rule with { MatchTriage = TriageLabel.RateLimited }, Failing(Now.AddHours(-2), Now), null, Now));
        Assert.Null(HealingDecision.Decide(rule with { MatchEndpoint = "https://other*" }, Failing(Now.AddHours(-2), Now), null, Now));
        Assert.Null(HealingDecision.Decide(rule with { Enabled = false }, Failing(Now.AddHours(-2), Now), null, Now));
        Assert.Null(HealingDecision.Decide(rule with { TenantId = "other" }, Failing(Now.AddHours(-2), Now), null, Now));
    }

    [Fact]
    public void Rule_cools_down_once_for_a_failure()
    {
        var rule = Rule(HealingAction.CoolDown);
        var endpoint = Failing(Now.AddSeconds(-5), Now.AddSeconds(-5));

        Assert.Equal(new HealingStep.CoolDown(Now.AddSeconds(300)), HealingDecision.Decide(rule, endpoint, null, Now));
        Assert.Null(HealingDecision.Decide(rule, endpoint, new(Now, Now, 0), Now.AddSeconds(1)));
        Assert.NotNull(HealingDecision.Decide(rule, endpoint with { LastFailureAt = Now.AddSeconds(2) }, new(Now, Now, 0), Now.AddSeconds(3)));
    }

    [Fact]
    public void Rule_replays_no_more_than_it_may_within_its_window_and_nothing_that_is_not_safe()
    {
        var rule = Rule(HealingAction.Replay);
        var endpoint = Failing(Now, Now.AddMinutes(-1)) with { Health = EndpointHealth.Well, LastSuccessAt = Now };

        var step = Assert.IsType<HealingStep.Replay>(HealingDecision.Decide(rule, endpoint, null, Now));
        Assert.Equal((Now.AddHours(-1), 100), (step.Since, step.Most));
        Assert.Equal([TriageLabel.RateLimited, TriageLabel.TransientEndpointDown], step.Labels);
        Assert.Null(HealingDecision.Decide(rule, endpoint with { LastFailureAt = Now.AddSeconds(1) }, null, Now));
        Assert.Null(HealingDecision.Decide(rule, endpoint, new(Now.AddSeconds(-299), Now.AddMinutes(-30), 10), Now));
        Assert.Equal(90, Assert.IsType<HealingStep.Replay>(HealingDecision.Decide(rule, endpoint, new(Now.AddSeconds(-300), Now.AddMinutes(-30), 10), Now)).Most);
        Assert.Null(HealingDecision.Decide(rule, endpoint, new(Now.AddSeconds(-300), Now.AddMinutes(-30), 100), Now));
        Assert.Equal(100, Assert.IsType<HealingStep.Replay>(HealingDecision.Decide(rule, endpoint, new(Now.AddHours(-1), Now.AddHours(-1), 100), Now)).Most);
    }

    private async Task<string> SaveAsync(object rule)
    {
        using var answer = await _center.Admin.PostAsJsonAsync(Rules, rule);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (string)(await answer.JsonAsync())["rule"]!["id"]!;
    }

    private async Task<System.Text.Json.Nodes.JsonArray> CooldownsAsync() => (await _center.Operator.JsonAsync("/autoheal/cooldowns"))["cooldowns"]!.AsArray();

    private static HealingRule Rule(HealingAction action, int window = 3_600) =>
        new(Guid.NewGuid(), "rule", null, "*", null, action, 300, 100, window, true, "tests", Now, Now);

    private static WebhookEndpoint Failing(DateTimeOffset since, DateTimeOffset last) => new()
    {
        Id = Guid.NewGuid(),
        Url = EndpointUrl.Stored("https://acme.example/hook"),
        Kind = EndpointKind.Standard,
        TenantId = "acme",
        EventTypes = ["*"],
        Secret = new("sealed"),
        Health = new(3, since),
        LastTriage = TriageLabel.TransientEndpointDown,
        LastFailureAt = last,
    };
}
