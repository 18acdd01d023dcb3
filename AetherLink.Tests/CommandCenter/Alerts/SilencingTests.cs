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

    private static async Task<string> SilenceAsync(HttpClient client, DateTimeOffset ends, params (string Label, string Op, string Value)[] matchers)
    {
        using var answer = await client.PostAsJsonAsync("/alerts/silences", new
        {
            matchers = matchers.Select(one => new { label = one.Label, op = one.Op, value = one.Value }),
            reason = "because",
            ends_at = ends,
        });
        var body = await answer.JsonAsync();
        Assert.True(answer.IsSuccessStatusCode, body.ToJsonString());
        return (string)body["silence_id"]!;
    }
}
