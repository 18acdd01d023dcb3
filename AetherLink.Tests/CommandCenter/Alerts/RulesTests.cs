using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter.Alerts;

public sealed class RulesTests(AlertsFixture fixture) : IClassFixture<AlertsFixture>
{
    private readonly RunningCommandCenter _service = fixture.Service;

    [Fact]
    public async Task Rule_is_made_read_replaced_and_deleted()
    {
        var tenant = NewTenant();
        using var client = _service.Client(tenant: tenant);
        var id = await client.RuleAsync(new { name = "first", window_seconds = 60, threshold = 2, severity = "error, critical" });

        var made = (await client.JsonAsync($"/alerts/rules/{id}"))["rule"]!;
        Assert.Equal((tenant, "error,critical", "critical", true),
            ((string)made["tenant_id"]!, (string)made["severity"]!, (string)made["alert_severity"]!, (bool)made["enabled"]!));

        using var replaced = await client.PutAsJsonAsync($"/alerts/rules/{id}", new
        {
            name = "second",
            window_seconds = 30,
            threshold = 5,
            group_by = "payload.service",
            enabled = false,
        });
        var changed = (await replaced.JsonAsync())["rule"]!;
        Assert.Equal(("second", 30, 5, "payload.service", false), ((string)changed["name"]!, (int)changed["window_seconds"]!,
            (int)changed["threshold"]!, (string)changed["group_by"]!, (bool)changed["enabled"]!));
        Assert.Equal((string)made["created_at"]!, (string)changed["created_at"]!);

        using var deleted = await client.DeleteAsync($"/alerts/rules/{id}");
        using var again = await client.DeleteAsync($"/alerts/rules/{id}");
        using var gone = await client.GetAsync($"/alerts/rules/{id}");
        using var nonsense = await client.GetAsync("/alerts/rules/nonsense");
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound],
            [deleted.StatusCode, again.StatusCode, gone.StatusCode, nonsense.StatusCode]);
    }

    [Fact]
    public async Task Rules_belong_to_their_tenants()
    {
        using var own = _service.Client(tenant: "rules-own");
        using var stranger = _service.Client("admin", "rules-stranger");
        using var all = _service.Client("admin");
        var id = await own.RuleAsync(new { name = "own", window_seconds = 60, threshold = 2 });

        using var read = await stranger.GetAsync($"/alerts/rules/{id}");
        using var replaced = await stranger.PutAsJsonAsync($"/alerts/rules/{id}", new { name = "mine", window_seconds = 60, threshold = 2 });
        using var switched = await stranger.PatchAsJsonAsync($"/alerts/rules/{id}/enabled", new { enabled = false });
        using var deleted = await stranger.DeleteAsync($"/alerts/rules/{id}");
        using var forAnother = await stranger.PostAsJsonAsync("/alerts/rules", new { name = "x", window_seconds = 60, threshold = 2, tenant_id = "rules-own" });
        using var listed = await stranger.GetAsync("/alerts/rules?tenant_id=rules-own");

        Assert.All([read, replaced, switched, deleted], answer => Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode));
        Assert.All([forAnother, listed], answer => Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode));
        Assert.Equal(0, (int)(await stranger.JsonAsync("/alerts/rules"))["count"]!);
        Assert.Equal(id, (string)(await all.JsonAsync("/alerts/rules?tenant_id=rules-own"))["rules"]![0]!["rule_id"]!);
    }

    [Fact]
    public async Task Tenant_has_at_most_a_hundred_rules_which_are_paged()
    {
        using var client = _service.Client(tenant: NewTenant());
        for (var n = 0; n < 3; n++)
        {
            await client.RuleAsync(new { name = $"r{n}", window_seconds = 60, threshold = 2, enabled = false });
        }
        await using (var more = fixture.Source.CreateCommand(
            """
            insert into command_center.alert_rules select (jsonb_populate_record(r, jsonb_build_object('rule_id', gen_random_uuid()))).*
            from command_center.alert_rules r, generate_series(1, 97) where name = 'r2' and tenant_id = $1
            """))
        {
            more.Parameters.Add(new() { Value = client.DefaultRequestHeaders.GetValues("X-Tenant-ID").Single() });
            await more.ExecuteNonQueryAsync();
        }

        using var tooMany = await client.PostAsJsonAsync("/alerts/rules", new { name = "one more", window_seconds = 60, threshold = 2 });
        using var all = _service.Client("admin");
        var elsewhere = await all.RuleAsync(new { name = "elsewhere", window_seconds = 60, threshold = 2, tenant_id = NewTenant() });
        using var moved = await all.PutAsJsonAsync(
            $"/alerts/rules/{elsewhere}",
            new { name = "elsewhere", window_seconds = 60, threshold = 2, tenant_id = client.DefaultRequestHeaders.GetValues("X-Tenant-ID").Single() });
        var first = await client.JsonAsync("/alerts/rules?limit=60");
        var second = await client.JsonAsync($"/alerts/rules?limit=60&cursor={first["next_cursor"]}");

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict), (tooMany.StatusCode, moved.StatusCode));
        Assert.Equal((60, 40), ((int)first["count"]!, (int)second["count"]!));
        Assert.Equal(100, Ids(first).Union(Ids(second)).Count());
        Assert.Null(second["next_cursor"]);

        static IEnumerable<string> Ids(JsonObject page) => page["rules"]!.AsArray().Select(rule => (string)rule!["rule_id"]!);
    }

    [Theory]
    [InlineData("/alerts/rules", "{}", "name,threshold,window_seconds")]
    [InlineData("/alerts/rules", """{"name":"","window_seconds":0,"threshold":"many","severity":"loud","event_type":"nope","source":7,"group_by":"payload.","alert_severity":"x","enabled":"yes","tenant_id":" "}""",
        "alert_severity,enabled,event_type,group_by,name,severity,source,tenant_id,threshold,window_seconds")]
    [InlineData("/alerts/rules", """{"name":"a\u0000","window_seconds":86401,"threshold":10001}""", "name,threshold,window_seconds")]
    [InlineData("/alerts/rules", """{"name":"\ud800","window_seconds":1.5,"threshold":1}""", "name,window_seconds")]
    [InlineData("/alerts/rules/preview", """{"name":"x","window_seconds":60,"threshold":1,"hours":0}""", "hours")]
    [InlineData("/alerts/silences", "{}", "ends_at,matchers,reason")]
    [InlineData("/alerts/silences", """{"matchers":[{"label":"colour","op":"~","value":""},{"op":"="},7],"reason":"r","ends_at":"tomorrow","starts_at":1}""",
        "ends_at,matchers[0].label,matchers[0].op,matchers[1].label,matchers[1].value,matchers[2],starts_at")]
    [InlineData("/alerts/silences", """{"matchers":[{"label":"rule","value":"x"}],"reason":"r","ends_at":"2020-01-01T00:00:00Z"}""", "ends_at")]
    [InlineData("/alerts/silences", """{"matchers":[{"label":"rule","value":"x"}],"reason":"r","ends_at":"2999-01-01T00:00:00Z"}""", "ends_at")]
    [InlineData("/alerts/templates", """{"rule":{"threshold":0}}""", "name,rule.threshold,rule.window_seconds")]
    [InlineData("/alerts/templates/service-down/materialize", """{"threshold":0,"group_by":"x"}""", "group_by,threshold")]
    public async Task Wrong_body_is_400_and_names_every_field(string path, string body, string fields)
    {
        using var client = _service.Client();

        using var answer = await client.PostAsync(path, body, "application/json");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(fields.Split(','), (await answer.JsonAsync())["errors"]!.AsObject().Select(error => error.Key).Order(StringComparer.Ordinal));
        Assert.Empty(_service.Logs.Errors);
    }

    [Theory]
    [InlineData("/alerts?state=loud&severity=x&rule_id=y&limit=0&cursor=z", "cursor,limit,rule_id,severity,state")]
    [InlineData("/alerts/rules?limit=501&cursor=x", "cursor,limit")]
    [InlineData("/alerts/silences?state=x&limit=0", "limit,state")]
    public async Task Wrong_question_is_400_and_names_every_field(string path, string fields)
    {
        using var client = _service.Client();

        using var answer = await client.GetAsync(path);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(fields.Split(','), (await answer.JsonAsync())["errors"]!.AsObject().Select(error => error.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("[]", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("""{"name":"a","name":"b"}""", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("""{"\ud800":1}""", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{}", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    public async Task Body_that_is_no_object_is_refused(string body, string contentType, HttpStatusCode status)
    {
        using var client = _service.Client();

        using var answer = await client.PostAsync("/alerts/rules", body, contentType);

        Assert.Equal(status, answer.StatusCode);
        Assert.Empty(_service.Logs.Errors);
    }

    [Fact]
    public async Task Body_that_is_too_large_is_413()
    {
        using var client = _service.Client();

        using var answer = await client.PostAsync("/alerts/rules", $$"""{"name":"{{new string('x', 70_000)}}"}""", "application/json");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Preview_tells_when_a_rule_would_have_fired_and_stores_nothing()
    {
        using var client = _service.Client(tenant: NewTenant());
        await client.PublishManyAsync(3, "lead.assigned", payload: new { lead_id = "1", assignee = "ann" });
        await client.PublishManyAsync(2, "lead.assigned", payload: new { lead_id = "1", assignee = "bob" });

        using var answer = await client.PostAsJsonAsync("/alerts/rules/preview", new
        {
            name = "busy",
            event_type = "lead.assigned",
            group_by = "payload.assignee",
            window_seconds = 600,
            threshold = 3,
            hours = 1,
        });
        var preview = await answer.JsonAsync();

        Assert.Equal((5, 1, false), ((int)preview["events_matched"]!, (int)preview["would_have_fired"]!, (bool)preview["truncated"]!));
        Assert.Equal("ann", (string)preview["alerts"]![0]!["group"]!);
        Assert.Null(preview["alerts"]![0]!["resolved_at"]);
        Assert.Equal(0, (int)(await client.JsonAsync("/alerts/rules"))["count"]!);
        Assert.Empty(await client.AlertsAsync());
    }
}
