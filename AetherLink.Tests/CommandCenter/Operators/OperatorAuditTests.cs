using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.ServiceDefaults;

namespace AetherLink.Tests.CommandCenter.Operators;

/// <summary>What is on record, and who sees it.</summary>
public sealed class OperatorAuditTests(AuditedCommandCenter audited) : AuditFacts(audited), IClassFixture<AuditedCommandCenter>
{
    [Fact]
    public async Task Every_kind_of_change_is_on_record_with_what_was_before_and_after()
    {
        var rule = (string)(await SendAsync(HttpMethod.Post, "/alerts/rules", Rule("first")))["rule_id"]!;
        await SendAsync(HttpMethod.Put, $"/alerts/rules/{rule}", Rule("second"));
        await SendAsync(HttpMethod.Patch, $"/alerts/rules/{rule}/enabled", new { enabled = false });
        await SendAsync(HttpMethod.Delete, $"/alerts/rules/{rule}");
        var silence = (string)(await SendAsync(HttpMethod.Post, "/alerts/silences", new
        {
            matchers = new[] { new { label = "rule", op = "=", value = "any" } },
            ends_at = DateTimeOffset.UtcNow.AddHours(2),
            reason = "A test.",
        }))["silence_id"]!;
        await SendAsync(HttpMethod.Delete, $"/alerts/silences/{silence}");
        var template = (string)(await SendAsync(HttpMethod.Post, "/alerts/templates", Template("one")))["template_id"]!;
        await SendAsync(HttpMethod.Put, $"/alerts/templates/{template}", Template("two"));
        await SendAsync(HttpMethod.Delete, $"/alerts/templates/{template}");
        var webhook = (string)(await SendAsync(HttpMethod.Post, "/alerts/webhooks", new { url = "https://receiver.example/hook" }))["webhook"]!["id"]!;
        await SendAsync(HttpMethod.Put, $"/alerts/webhooks/{webhook}", new { enabled = false });
        await SendAsync(HttpMethod.Post, $"/alerts/webhooks/{webhook}/rotate-secret");
        await SendAsync(HttpMethod.Delete, $"/alerts/webhooks/{webhook}");
        var healing = (string)(await SendAsync(HttpMethod.Post, "/autoheal/rules", Healing(60)))["rule"]!["id"]!;
        await SendAsync(HttpMethod.Put, $"/autoheal/rules/{healing}", Healing(120));
        await SendAsync(HttpMethod.Delete, $"/autoheal/rules/{healing}");
        await SendAsync(HttpMethod.Put, "/events/retention/tenants/acme", new { retention_days = 30 });
        await SendAsync(HttpMethod.Delete, "/events/retention/tenants/acme");
        await SendAsync(HttpMethod.Post, "/ops/register", new { name = "outside", url = "http://outside.example" });
        await SendAsync(HttpMethod.Post, "/ops/register", new { name = "outside", url = "http://outside.example" });
        await SendAsync(HttpMethod.Post, "/ops/register", new { name = "outside", url = "http://outside.example", health_url = "http://elsewhere.example/up" });
        await SendAsync(HttpMethod.Delete, "/ops/services/outside");
        await SendAsync(HttpMethod.Post, "/events/schema", new
        {
            event_type = "audit.tried",
            version = 1,
            description = "A test.",
            properties = new { name = new { type = "string" } },
        });

        var entries = await EntriesAsync();
        Assert.Equal(
            [
                "alert_rule.created", "alert_rule.changed", "alert_rule.changed", "alert_rule.deleted", "silence.created", "silence.ended",
                "alert_template.created", "alert_template.changed", "alert_template.deleted", "webhook.created", "webhook.changed",
                "webhook.secret_rotated", "webhook.deleted", "healing_rule.created", "healing_rule.changed", "healing_rule.deleted", "retention.set",
                "retention.reset", "service.registered", "service.registered", "service.unregistered", "event_schema.registered",
            ],
            entries.Select(entry => (string?)entry["action"]));
        Assert.All(entries, entry => Assert.Equal(
            ("admin", "127.0.0.1", 32), ((string?)entry["roles"]![0], (string?)entry["address"], ((string?)entry["trace_id"])?.Length)));
        Assert.Equal(("first", "second"), ((string?)entries[1]["before"]!["name"], (string?)entries[1]["after"]!["name"]));
        Assert.Equal((rule, true), ((string?)entries[3]["target"], entries[3]["after"] is null));
        Assert.Equal((true, false), ((bool)entries[10]["before"]!["enabled"]!, (bool)entries[10]["after"]!["enabled"]!));
        Assert.Equal(("acme", 30), ((string?)entries[16]["tenant_id"], (int)entries[16]["after"]!["retention_days"]!));
        Assert.DoesNotContain("whsec_", (await Admin.JsonAsync($"{Path}?limit=500")).ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(("intact", 22), await VerifyAsync());
    }

    [Fact]
    public async Task Replay_is_on_record_once_however_often_it_is_asked_for_with_one_key()
    {
        await Center.AddWebhookAsync("/hook");
        await Center.PublishAsync("replayed");
        var delivery = (string)(await Center.DeliveryAsync("replayed", one => (string?)one["status"] == "success"))["id"]!;

        for (var click = 0; click < 2; click++)
        {
            using var one = new HttpRequestMessage(HttpMethod.Post, $"/alerts/deliveries/{delivery}/replay") { Headers = { { "Idempotency-Key", "click" } } };
            (await Admin.SendAsync(one)).EnsureSuccessStatusCode();
            using var many = new HttpRequestMessage(HttpMethod.Post, "/alerts/deliveries/replay")
            {
                Headers = { { "Idempotency-Key", "clicks" } },
                Content = JsonContent.Create(new { ids = new[] { delivery } }),
            };
            (await Admin.SendAsync(many)).EnsureSuccessStatusCode();
        }

        var replays = (await EntriesAsync()).Where(entry => ((string)entry["action"]!).StartsWith("delivery.", StringComparison.Ordinal)).ToList();
        Assert.Equal(["delivery.replayed", "delivery.bulk_replayed"], replays.Select(entry => (string?)entry["action"]));
        Assert.Equal(delivery, (string?)replays[0]["target"]);
    }

    [Fact]
    public async Task Change_that_was_refused_leaves_no_record()
    {
        using var rule = await Admin.PostAsJsonAsync("/alerts/rules", new { name = "no window" });
        using var unknown = await Admin.DeleteAsync(new Uri($"/alerts/webhooks/{Guid.NewGuid()}", UriKind.Relative));
        using var nothing = await Admin.DeleteAsync(new Uri("/events/retention/tenants/nobody", UriKind.Relative));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.NotFound), (rule.StatusCode, unknown.StatusCode));
        Assert.Empty(await EntriesAsync());
    }

    [Fact]
    public async Task Tenants_people_see_the_changes_of_their_tenant_alone()
    {
        await SendAsync(HttpMethod.Put, "/events/retention/tenants/ours", new { retention_days = 3 });
        await SendAsync(HttpMethod.Put, "/events/retention/tenants/theirs", new { retention_days = 3 });
        using var ours = Center.Service.Client("operator", "ours");

        var page = await ours.JsonAsync(Path);
        using var asked = await ours.GetAsync(new Uri($"{Path}?tenant_id=theirs", UriKind.Relative));

        Assert.Equal(["ours"], page["entries"]!.AsArray().Select(entry => (string?)entry!["tenant_id"]));
        Assert.Equal(1, (int)(await ours.JsonAsync($"{Path}/stats"))["total"]!);
        Assert.Equal(HttpStatusCode.Forbidden, asked.StatusCode);
    }

    [Fact]
    public async Task Thing_that_moves_to_another_tenant_shows_neither_what_is_the_others()
    {
        (string Path, string Answer, Func<string, object> Body)[] kinds =
        [
            ("/alerts/rules", "rule_id", side => new { name = $"of the {side}", window_seconds = 60, threshold = 3, event_type = "lead.created", tenant_id = side }),
            ("/alerts/templates", "template_id", side => new { name = $"of the {side}", description = "A test.", rule = Rule("r"), tenant_id = side }),
            ("/alerts/webhooks", "webhook.id", side => new { url = $"https://of-the-{side}.example/hook", tenant_id = side }),
            ("/autoheal/rules", "rule.id", side => new { name = $"of the {side}", match_endpoint = "*", action = "cool_down", cooldown_seconds = 60, tenant_id = side }),
        ];
        foreach (var (path, answer, body) in kinds)
        {
            JsonNode made = await SendAsync(HttpMethod.Post, path, body("left"));
            var id = answer.Split('.').Aggregate(made, (at, name) => at[name]!);
            await SendAsync(HttpMethod.Put, $"{path}/{id}", body("right"));
        }

        foreach (var (side, other) in new[] { ("left", "right"), ("right", "left") })
        {
            using var theirs = Center.Service.Client("operator", side);
            var entries = (await theirs.JsonAsync($"{Path}?limit=500"))["entries"]!.AsArray();
            Assert.Equal(kinds.Length * (side == "left" ? 2 : 1), entries.Count);
            Assert.Contains($"the {side}", entries.ToJsonString(), StringComparison.Ordinal);
            Assert.DoesNotMatch($"the[ -]{other}", entries.ToJsonString());
        }
        Assert.Equal(("intact", 3 * kinds.Length), await VerifyAsync());
    }

    [Fact]
    public async Task Entry_names_the_person_also_by_what_the_issuer_knows_them_by()
    {
        using var client = new HttpClient { BaseAddress = Center.Service.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", new MeshTokens(ToyApp.MeshKey, "web", TimeProvider.System)
            .IssueFor("command-center", new Caller("ada", ["admin"], "acme", IsService: false) { Subject = "f:4711" }));

        using var made = await client.PutAsJsonAsync("/events/retention/tenants/acme", new { retention_days = 30 });

        made.EnsureSuccessStatusCode();
        var entry = Assert.Single(await EntriesAsync());
        Assert.Equal(("ada", "f:4711"), ((string?)entry["actor"], (string?)entry["subject"]));
        await ExecuteAsync("update command_center.operator_audit set subject = 'f:4712'");
        Assert.Equal(("broken", 0), await VerifyAsync());
    }

    [Fact]
    public async Task Audit_is_read_page_by_page_and_by_filter()
    {
        var name = $"tenant-{Guid.NewGuid():N}";
        for (var days = 1; days <= 5; days++)
        {
            await SendAsync(HttpMethod.Put, $"/events/retention/tenants/{name}", new { retention_days = days });
        }
        await SendAsync(HttpMethod.Delete, $"/events/retention/tenants/{name}");

        var pages = new List<int>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await Admin.JsonAsync($"{Path}?target={name}&action=retention.set&limit=2&cursor={cursor}");
            pages.AddRange(page["entries"]!.AsArray().Select(entry => (int)entry!["after"]!["retention_days"]!));
            cursor = (string?)page["next_cursor"];
        }
        var stats = await Admin.JsonAsync($"{Path}/stats?tenant_id={name}");

        Assert.Equal([5, 4, 3, 2, 1], pages);
        Assert.Equal((6, 5, 1), ((int)stats["total"]!, (int)stats["by_action"]!["retention.set"]!, (int)stats["by_action"]!["retention.reset"]!));
        using var wrong = await Admin.GetAsync(new Uri($"{Path}?limit=0&cursor=x&actor=%07", UriKind.Relative));
        Assert.Equal(["actor", "cursor", "limit"], (await wrong.JsonAsync())["errors"]!.AsObject().Select(field => field.Key).Order());
    }

    private static object Template(string name) => new { name, description = "A test.", rule = Rule(name) };

    private static object Healing(int seconds) => new { name = "cool", match_endpoint = "*", action = "cool_down", cooldown_seconds = seconds };
}
