using System.Net;
using System.Net.Http.Json;
using static AetherLink.Tests.CommandCenter.Alerts.AlertRequests;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter.Alerts;

public sealed class SilencingTests(AlertsFixture fixture) : IClassFixture<AlertsFixture>
{
    private readonly RunningCommandCenter _service = fixture.Service;

    [Fact]
    public async Task Silence_mutes_what_it_matches_from_the_start_and_its_record_says_what()
    {
        using var client = _service.Client(tenant: NewTenant());
        await client.RuleAsync(new { name = "muted", event_type = "lead.created", group_by = "payload.n", window_seconds = 600, threshold = 1 });
        var silence = await SilenceAsync(client, DateTimeOffset.UtcNow.AddHours(3), ("rule", "=", "muted"), ("group", "glob", "a?c*"));

        await client.PublishManyAsync(1, payload: new { n = "abcde" });
        await client.PublishManyAsync(1, payload: new { n = "xyz" });
        await client.EvaluateAsync();

        var byGroup = (await client.AlertsAsync()).ToDictionary(alert => (string)alert["group"]!);
        Assert.Equal(("silenced", silence), ((string)byGroup["abcde"]["state"]!, (string)byGroup["abcde"]["silenced_by"]!));
        Assert.Equal("raised", (string)byGroup["xyz"]["state"]!);
        var raised = await client.EventsAsync("ops.alert.raised");
        Assert.Equal([silence, null], raised.Select(one => (string?)one["payload"]!["silenced_by"]));
        Assert.Equal(silence, (string)(await client.EventsAsync("ops.alert.silenced")).Single()["payload"]!["silence_id"]!);
        var record = await client.JsonAsync($"/alerts/silences/{silence}");
        Assert.Equal((string)byGroup["abcde"]["alert_id"]!, (string)record["muted"]!.AsArray().Single()!["alert_id"]!);
        Assert.Equal(("active", "because"), ((string)record["silence"]!["state"]!, (string)record["silence"]!["reason"]!));
        Assert.Empty(await client.EventsAsync("ops.silence.expiring"));
    }

    [Fact]
    public async Task Silence_mutes_an_active_alert_and_its_end_lets_it_be_heard_again()
    {
        using var client = _service.Client(tenant: NewTenant());
        await client.RuleAsync(new { name = "active", event_type = "lead.created", window_seconds = 600, threshold = 1 });
        await client.PublishManyAsync(1);
        await client.EvaluateAsync();
        Assert.Equal("raised", await client.StateAsync());

        var silence = await SilenceAsync(client, DateTimeOffset.UtcNow.AddMinutes(30), ("severity", "!=", "info"));
        await Eventually.True(async () => await client.StateAsync() == "silenced", Soon);
        using var ended = await client.DeleteAsync($"/alerts/silences/{silence}");
        await Eventually.True(async () => await client.StateAsync() == "raised", Soon);

        var record = await client.JsonAsync($"/alerts/silences/{silence}");
        Assert.Equal("ended", (string)record["silence"]!["state"]!);
        Assert.NotNull(record["silence"]!["ended_by"]);
        Assert.NotNull(record["muted"]!.AsArray().Single()!["unmuted_at"]);
        Assert.Single(await client.EventsAsync("ops.alert.raised"));
        Assert.Single(await client.EventsAsync("ops.alert.silenced"));
        Assert.Null(Assert.Single(await client.EventsAsync("ops.alert.unsilenced"))["payload"]!["silenced_by"]);
        var expiring = Assert.Single(await client.EventsAsync("ops.silence.expiring"));
        Assert.Equal(silence, (string)expiring["payload"]!["silence_id"]!);
    }

    [Fact]
    public async Task Silence_begins_and_ends_at_its_times_by_itself()
    {
        using var client = _service.Client(tenant: NewTenant());
        await client.RuleAsync(new { name = "timed", event_type = "lead.created", window_seconds = 600, threshold = 1 });
        await client.PublishManyAsync(1);
        await client.EvaluateAsync();
        var starts = DateTimeOffset.UtcNow.AddSeconds(1.5);

        var silence = await SilenceAsync(client, starts.AddSeconds(4), starts, ("rule", "=", "timed"));
        Assert.Equal("pending", (string)(await client.JsonAsync($"/alerts/silences/{silence}"))["silence"]!["state"]!);
        await Eventually.True(async () => await client.StateAsync() == "silenced", Soon, "it has begun");
        await Eventually.True(async () => await client.StateAsync() == "raised", Soon, "it has ended");

        var record = await client.JsonAsync($"/alerts/silences/{silence}");
        Assert.Equal(("ended", null), ((string)record["silence"]!["state"]!, (string?)record["silence"]!["ended_by"]));
        var muted = Assert.Single(record["muted"]!.AsArray())!;
        Assert.InRange((DateTimeOffset)muted["muted_at"]!, starts, starts.AddSeconds(4));
        Assert.True((DateTimeOffset)muted["unmuted_at"]! >= starts.AddSeconds(4));
        Assert.Single(await client.EventsAsync("ops.alert.unsilenced"));
    }

    [Fact]
    public async Task Long_silence_warns_an_hour_before_its_end_and_not_before()
    {
        using var client = _service.Client(tenant: NewTenant());
        var ends = DateTimeOffset.UtcNow.AddHours(1).AddSeconds(2);

        var silence = await SilenceAsync(client, ends, ("rule", "=", "any"));
        await client.EvaluateAsync();
        Assert.Empty(await client.EventsAsync("ops.silence.expiring"));

        await Eventually.True(async () => (await client.EventsAsync("ops.silence.expiring")).Length == 1, Soon, "the warning");
        var warned = (await client.EventsAsync("ops.silence.expiring")).Single();
        Assert.Equal(silence, (string)warned["payload"]!["silence_id"]!);
        Assert.InRange((DateTimeOffset)warned["timestamp"]!, ends.AddHours(-1), ends.AddHours(-1).AddSeconds(5));
    }

    [Fact]
    public async Task Silence_for_all_tenants_is_shown_to_a_tenant_that_it_mutes_with_what_it_muted_of_it()
    {
        using var all = _service.Client("admin");
        using var muted = _service.Client("admin", NewTenant());
        using var other = _service.Client("admin", NewTenant());
        var name = NewTenant();
        await muted.RuleAsync(new { name, event_type = "lead.created", window_seconds = 600, threshold = 1 });
        var silence = await SilenceAsync(all, DateTimeOffset.UtcNow.AddHours(3), ("rule", "=", name));
        await muted.PublishManyAsync(1);
        await muted.EvaluateAsync();

        Assert.Equal(silence, (string)(await muted.AlertsAsync()).Single()["silenced_by"]!);
        Assert.Single((await muted.JsonAsync($"/alerts/silences/{silence}"))["muted"]!.AsArray());
        using var hidden = await other.GetAsync($"/alerts/silences/{silence}");
        using var kept = await muted.DeleteAsync($"/alerts/silences/{silence}");
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (hidden.StatusCode, kept.StatusCode));
        Assert.Equal("silenced", await muted.StateAsync());
        using var ended = await all.DeleteAsync($"/alerts/silences/{silence}");
    }

    [Fact]
    public async Task Silence_until_resolved_ends_with_the_alert_that_it_muted()
    {
        using var client = _service.Client(tenant: NewTenant());
        var rule = await client.RuleAsync(new { name = "until", event_type = "lead.created", window_seconds = 600, threshold = 1 });
        await client.PublishManyAsync(1);
        await client.EvaluateAsync();
        using var made = await client.PostAsJsonAsync("/alerts/silences", new
        {
            matchers = new[] { new { label = "rule", op = "=", value = "until" } },
            reason = "known",
            until_resolved = true,
        });
        var silence = (string)(await made.JsonAsync())["silence_id"]!;
        await Eventually.True(async () => await client.StateAsync() == "silenced", Soon);

        using var off = await client.DeleteAsync($"/alerts/rules/{rule}");
        await client.EvaluateAsync();

        var ended = (await client.JsonAsync($"/alerts/silences/{silence}"))["silence"]!;
        Assert.Equal(("ended", "resolved"), ((string)ended["state"]!, (string)ended["ended_by"]!));
    }

    [Fact]
    public async Task Silences_belong_to_their_tenants_and_are_listed_by_state()
    {
        using var own = _service.Client(tenant: NewTenant());
        using var stranger = _service.Client("admin", NewTenant());
        var active = await SilenceAsync(own, DateTimeOffset.UtcNow.AddHours(3), ("tenant", "=", "x"));
        var over = await SilenceAsync(own, DateTimeOffset.UtcNow.AddHours(3), ("tenant", "=", "y"));
        using var ended = await own.DeleteAsync($"/alerts/silences/{over}");

        using var read = await stranger.GetAsync($"/alerts/silences/{active}");
        using var deleted = await stranger.DeleteAsync($"/alerts/silences/{active}");
        var firstPage = await own.JsonAsync("/alerts/silences?limit=1");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (read.StatusCode, deleted.StatusCode));
        Assert.Equal(0, (int)(await stranger.JsonAsync("/alerts/silences"))["count"]!);
        Assert.Equal([active], await IdsAsync("?state=active"));
        Assert.Equal([over], await IdsAsync("?state=ended"));
        Assert.Equal([active], await IdsAsync($"?cursor={firstPage["next_cursor"]}"));

        async Task<string[]> IdsAsync(string query) =>
            [.. (await own.JsonAsync("/alerts/silences" + query))["silences"]!.AsArray().Select(one => (string)one!["silence_id"]!)];
    }

    [Fact]
    public async Task Templates_are_paged_with_those_that_ship_and_everybodys_are_there_for_every_tenant_to_use()
    {
        using var all = _service.Client("admin");
        using var client = _service.Client("admin", NewTenant());
        using var made = await all.PostAsJsonAsync("/alerts/templates", new { name = "for all", rule = new { window_seconds = 60, threshold = 3, event_type = "lead.created" } });
        var id = (string)(await made.JsonAsync())["template_id"]!;
        using var own = await client.PostAsJsonAsync("/alerts/templates", new { name = "own", rule = new { window_seconds = 60, threshold = 3 } });

        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = await client.JsonAsync($"/alerts/templates?limit=2{cursor}");
            Assert.InRange(page["templates"]!.AsArray().Count, 1, 2);
            seen.AddRange(page["templates"]!.AsArray().Select(one => (string)one!["name"]!));
            cursor = (string?)page["next_cursor"] is { } next ? "&cursor=" + next : "";
        }
        while (cursor != "");
        using var rule = await client.PostAsync($"/alerts/templates/{id}/materialize", null);
        using var changed = await client.PutAsJsonAsync($"/alerts/templates/{id}", new { name = "mine now", rule = new { window_seconds = 60, threshold = 3 } });
        using var removed = await client.DeleteAsync($"/alerts/templates/{id}");

        Assert.Equal(["own", "for all"], seen.Take(2));
        Assert.Equal((7, 7), (seen.Count, seen.Distinct().Count()));
        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.NotFound], [rule.StatusCode, changed.StatusCode, removed.StatusCode]);
        using var gone = await all.DeleteAsync($"/alerts/templates/{id}");
    }

    [Fact]
    public async Task Templates_that_ship_are_materialised_and_ones_own_are_kept()
    {
        using var client = _service.Client(tenant: NewTenant());
        var shipped = (await client.JsonAsync("/alerts/templates"))["templates"]!.AsArray();
        Assert.Equal(5, shipped.Count);
        foreach (var template in shipped)
        {
            using var made = await client.PostAsync($"/alerts/templates/{template!["template_id"]}/materialize", null);
            Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        }
        using var changed = await client.PutAsJsonAsync("/alerts/templates/service-down", Body("mine", 2));
        using var removed = await client.DeleteAsync("/alerts/templates/service-down");

        using var own = await client.PostAsJsonAsync("/alerts/templates", Body("own", 7));
        var id = (string)(await own.JsonAsync())["template_id"]!;
        using var replaced = await client.PutAsJsonAsync($"/alerts/templates/{id}", Body("own", 8));
        using var rule = await client.PostAsJsonAsync($"/alerts/templates/{id}/materialize", new { name = "from it", window_seconds = 30 });
        using var deleted = await client.DeleteAsync($"/alerts/templates/{id}");
        using var gone = await client.GetAsync($"/alerts/templates/{id}");

        Assert.Equal([HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.NotFound],
            [changed.StatusCode, removed.StatusCode, replaced.StatusCode, deleted.StatusCode, gone.StatusCode]);
        var made2 = (await rule.JsonAsync())["rule"]!;
        Assert.Equal(("from it", 8, 30, id), ((string)made2["name"]!, (int)made2["threshold"]!, (int)made2["window_seconds"]!, (string)made2["template_id"]!));

        static object Body(string name, int threshold) => new { name, rule = new { window_seconds = 60, threshold, event_type = "lead.created" } };
    }

    private static Task<string> SilenceAsync(HttpClient client, DateTimeOffset ends, params (string Label, string Op, string Value)[] matchers) =>
        SilenceAsync(client, ends, null, matchers);

    private static async Task<string> SilenceAsync(
        HttpClient client, DateTimeOffset ends, DateTimeOffset? starts, params (string Label, string Op, string Value)[] matchers)
    {
        using var answer = await client.PostAsJsonAsync("/alerts/silences", new
        {
            matchers = matchers.Select(one => new { label = one.Label, op = one.Op, value = one.Value }),
            reason = "because",
            starts_at = starts,
            ends_at = ends,
        });
        var body = await answer.JsonAsync();
        Assert.True(answer.IsSuccessStatusCode, body.ToJsonString());
        return (string)body["silence_id"]!;
    }
}
