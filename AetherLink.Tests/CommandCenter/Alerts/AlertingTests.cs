using System.Net;
using System.Net.Http.Json;
using static AetherLink.Tests.CommandCenter.Alerts.AlertRequests;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter.Alerts;

public sealed class AlertingTests(AlertsFixture fixture) : IClassFixture<AlertsFixture>
{
    private readonly RunningCommandCenter _service = fixture.Service;

    [Fact]
    public async Task Alert_is_raised_once_for_a_crossing_and_resolved_when_it_has_passed()
    {
        using var client = _service.Client(tenant: NewTenant());
        var rule = await client.RuleAsync(new
        {
            name = "leads",
            event_type = "lead.created",
            window_seconds = 2,
            threshold = 3,
            alert_severity = "error",
        });
        await client.PublishManyAsync(2);
        Assert.Equal(0, (int)(await client.EvaluateAsync())["triggered"]!);

        await client.PublishManyAsync(3);
        var evaluated = await client.EvaluateAsync();
        Assert.Equal((1, 1), ((int)evaluated["evaluated"]!, (int)evaluated["triggered"]!));
        var alert = Assert.Single(await client.AlertsAsync("?state=raised"));
        Assert.Equal(("raised", "error", rule, "leads"),
            ((string)alert["state"]!, (string)alert["severity"]!, (string)alert["rule"]!["rule_id"]!, (string)alert["rule"]!["name"]!));

        await Eventually.True(async () => await client.StateAsync() == "resolved", Soon);
        var raised = Assert.Single(await client.EventsAsync("ops.alert.raised"));
        var resolved = Assert.Single(await client.EventsAsync("ops.alert.resolved"));
        var payload = raised["payload"]!;
        Assert.Equal((string)alert["alert_id"]!, (string)payload["alert_id"]!);
        Assert.Equal(("leads", "error", 3, 2, 3), ((string)payload["rule_name"]!, (string)payload["alert_severity"]!,
            (int)payload["threshold"]!, (int)payload["window_seconds"]!, payload["event_ids"]!.AsArray().Count));
        Assert.Null(payload["silenced_by"]);
        Assert.Equal(5, (int)resolved["payload"]!["matched_count"]!);
        Assert.NotNull(resolved["payload"]!["resolved_at"]);
        Assert.Equal("error", (string)raised["severity"]!);
    }

    [Fact]
    public async Task Rule_without_a_tenant_keeps_one_window_for_each_tenant()
    {
        using var all = _service.Client("admin");
        using var one = _service.Client(tenant: NewTenant());
        using var other = _service.Client(tenant: NewTenant());
        var rule = await all.RuleAsync(new { name = "everybody's", event_type = "lead.assigned", window_seconds = 60, threshold = 3 });

        await one.PublishManyAsync(2, "lead.assigned");
        await other.PublishManyAsync(3, "lead.assigned");
        await all.EvaluateAsync();

        Assert.Empty(await one.AlertsAsync());
        Assert.Single(await other.AlertsAsync());
        using var hidden = await one.GetAsync($"/alerts/rules/{rule}");
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        using var deleted = await all.DeleteAsync($"/alerts/rules/{rule}");
        await all.EvaluateAsync();
        Assert.Equal("rule_removed_or_disabled", (string)(await other.AlertsAsync("?state=resolved")).Single()["resolved_reason"]!);
    }

    [Fact]
    public async Task Groups_have_windows_of_their_own_by_a_path_of_the_payload()
    {
        using var client = _service.Client(tenant: NewTenant());
        await client.RuleAsync(new
        {
            name = "heals",
            event_type = "lead.assigned",
            group_by = "payload.assignee",
            window_seconds = 60,
            threshold = 2,
        });

        await client.PublishManyAsync(2, "lead.assigned", payload: new { lead_id = "1", assignee = "web" });
        await client.PublishManyAsync(1, "lead.assigned", payload: new { lead_id = "1", assignee = "orchestrator" });
        await client.PublishManyAsync(2, "lead.assigned", payload: new { lead_id = "1" });
        await client.EvaluateAsync();

        Assert.Equal(["", "web"], (await client.AlertsAsync()).Select(alert => (string)alert["group"]!).Order());
    }

    [Fact]
    public async Task Rule_does_not_feed_itself_and_counts_alerts_of_others_when_it_names_them()
    {
        using var client = _service.Client(tenant: NewTenant());
        await client.RuleAsync(new { name = "any critical", severity = "critical", window_seconds = 60, threshold = 1 });
        var about = await client.RuleAsync(new
        {
            name = "about alerts",
            event_type = "ops.alert.raised",
            window_seconds = 60,
            threshold = 1,
        });

        await client.PublishManyAsync(1, severity: "critical");
        await Eventually.True(async () => (await client.AlertsAsync()).Length == 2, Soon);
        await client.EvaluateAsync();

        var raised = await client.EventsAsync("ops.alert.raised");
        Assert.Equal(["any critical", "about alerts"], raised.Select(one => (string)one["payload"]!["rule_name"]!));
        Assert.All(await client.AlertsAsync(), alert => Assert.Equal(1, (int)alert["matched_count"]!));
        Assert.Equal(about, (string)(await client.AlertsAsync($"?rule_id={about}")).Single()["rule"]!["rule_id"]!);
    }

    [Fact]
    public async Task New_rule_counts_what_is_in_its_window_already_and_a_changed_one_counts_anew()
    {
        using var client = _service.Client(tenant: NewTenant());
        await client.PublishManyAsync(4);
        var rule = await client.RuleAsync(new { name = "late", event_type = "lead.created", window_seconds = 600, threshold = 4 });
        Assert.Equal(1, (int)(await client.EvaluateAsync())["triggered"]!);

        using var higher = await client.PutAsJsonAsync($"/alerts/rules/{rule}", new
        {
            name = "late",
            event_type = "lead.created",
            window_seconds = 600,
            threshold = 5,
        });
        Assert.Equal(0, (int)(await client.EvaluateAsync())["triggered"]!);
        await client.PublishManyAsync(1);
        Assert.Equal(1, (int)(await client.EvaluateAsync())["triggered"]!);

        using var off = await client.PatchAsJsonAsync($"/alerts/rules/{rule}/enabled", new { enabled = false });
        var none = await client.EvaluateAsync();
        Assert.Equal((0, 0), ((int)none["evaluated"]!, (int)none["triggered"]!));
        Assert.Equal("resolved resolved", await client.StateAsync());
    }

    [Fact]
    public async Task Alert_is_acknowledged_once_and_an_alert_that_is_resolved_not_at_all()
    {
        var tenant = NewTenant();
        using var client = _service.Client(tenant: tenant);
        using var stranger = _service.Client(tenant: NewTenant());
        var rule = await client.RuleAsync(new { name = "ack", event_type = "lead.created", window_seconds = 600, threshold = 1 });
        await client.PublishManyAsync(1);
        await client.EvaluateAsync();
        var id = (string)(await client.AlertsAsync()).Single()["alert_id"]!;

        using var notTheirs = await stranger.PostAsync($"/alerts/{id}/ack", null);
        using var first = await client.PostAsync($"/alerts/{id}/ack", null);
        using var again = await client.PostAsync($"/alerts/{id}/ack", null);
        using var gone = await client.DeleteAsync($"/alerts/rules/{rule}");
        await client.EvaluateAsync();
        using var late = await client.PostAsync($"/alerts/{id}/ack", null);

        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Conflict],
            [notTheirs.StatusCode, first.StatusCode, again.StatusCode, late.StatusCode]);
        Assert.Equal("acknowledged", (string)(await first.JsonAsync())["alert"]!["state"]!);
        var told = Assert.Single(await client.EventsAsync("ops.alert.acknowledged"));
        Assert.Equal(id, (string)told["payload"]!["alert_id"]!);
        Assert.NotNull(told["payload"]!["acknowledged_by"]);
        Assert.NotNull((await client.AlertsAsync("?state=resolved")).Single()["acknowledged_by"]);
        var entry = Assert.Single((await client.JsonAsync("/audit/operator?action=alert.acknowledged"))["entries"]!.AsArray())!;
        Assert.Equal((id, "raised", "acknowledged"), ((string?)entry["target"], (string?)entry["before"]!["state"], (string?)entry["after"]!["state"]));
    }

    [Fact]
    public async Task Alerts_are_paged_newest_first_and_filtered()
    {
        using var client = _service.Client(tenant: NewTenant());
        await client.RuleAsync(new { name = "by source", event_type = "lead.created", group_by = "payload.n", window_seconds = 600, threshold = 1, alert_severity = "warning" });
        for (var n = 0; n < 5; n++)
        {
            await client.PublishManyAsync(1, payload: new { n });
        }
        await client.EvaluateAsync();

        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = await client.JsonAsync($"/alerts?limit=2&severity=warning{cursor}");
            seen.AddRange(page["alerts"]!.AsArray().Select(one => (string)one!["group"]!));
            cursor = (string?)page["next_cursor"] is { } next ? "&cursor=" + next : "";
        }
        while (cursor != "");

        Assert.Equal(["4", "3", "2", "1", "0"], seen);
        Assert.Empty(await client.AlertsAsync("?severity=critical"));
        Assert.Empty(await client.AlertsAsync("?state=resolved,silenced"));
    }

    /// <summary>And it is told once, also by whoever takes over and refills the windows.</summary>
    [Fact]
    public async Task Tenant_with_more_groups_than_it_may_have_leaves_room_for_the_others_and_is_told_of_it_once()
    {
        using var all = _service.Client("admin");
        using var greedy = _service.Client(tenant: NewTenant());
        using var modest = _service.Client(tenant: NewTenant());
        var rule = await all.RuleAsync(new { name = "everybody's", event_type = "lead.status_changed", group_by = "payload.to", window_seconds = 600, threshold = 2 });
        async Task PublishAsync(int first, int count)
        {
            var events = Enumerable.Range(first, count).Select(n => new { event_type = "lead.status_changed", source = "tests", payload = new { lead_id = "1", to = $"{n}" } });
            using var published = await greedy.PostAsJsonAsync("/events/publish/batch", events);
            Assert.True(published.IsSuccessStatusCode);
        }
        async Task<int> OverflowedAsync() => (int)(await all.JsonAsync($"/alerts/rules/{rule}"))["rule"]!["overflowed"]!;

        await PublishAsync(0, 1_000);
        await PublishAsync(1_000, 30);
        await modest.PublishManyAsync(2, "lead.status_changed", payload: new { lead_id = "1", to = "won" });
        await Eventually.True(async () => await OverflowedAsync() == 30, Soon);
        await all.EvaluateAsync();
        Assert.Equal("raised", await modest.StateAsync());
        Assert.Empty(await greedy.AlertsAsync());

        Assert.Equal(1, await KillEvaluatorAsync(fixture.Source));
        await PublishAsync(2_000, 1);
        await Eventually.True(async () => await OverflowedAsync() > 30, Soon, "the next one is counted");
        Assert.Equal(31, await OverflowedAsync());
        var told = Assert.Single(await greedy.EventsAsync("ops.alert.overflowed"));
        Assert.Equal((rule, 1_000), ((string)told["payload"]!["rule_id"]!, (int)told["payload"]!["windows_kept"]!));
        Assert.Empty(await modest.EventsAsync("ops.alert.overflowed"));
        using var deleted = await all.DeleteAsync($"/alerts/rules/{rule}");
    }

    [Fact]
    public async Task Groups_beyond_the_bound_are_said_and_counted()
    {
        using var client = _service.Client(tenant: NewTenant());
        var rule = await client.RuleAsync(new { name = "many", event_type = "lead.note_added", group_by = "payload.note", window_seconds = 600, threshold = 10_000 });
        var publish = Enumerable.Range(0, 130).Select(n => new { event_type = "lead.note_added", source = "tests", payload = new { lead_id = "1", note = $"{n}" } });

        using var published = await client.PostAsJsonAsync("/events/publish/batch", publish);
        await Eventually.True(async () => (int)(await client.JsonAsync($"/alerts/rules/{rule}"))["rule"]!["overflowed"]! == 30, Soon);
    }
}
