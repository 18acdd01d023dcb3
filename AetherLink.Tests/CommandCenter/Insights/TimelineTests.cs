using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Announcing;
using AetherLink.CommandCenter.Events.Committing;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.CommandCenter.Alerts;
using Microsoft.Extensions.DependencyInjection;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter.Insights;

/// <summary>How the mesh stood at a minute.</summary>
public sealed class TimelineTests(AlertsFixture fixture) : IClassFixture<AlertsFixture>
{
    private readonly string _tenant = NewTenant();

    [Fact]
    public async Task Services_alerts_and_heals_are_told_as_they_stood_at_a_minute()
    {
        var service = $"svc-{_tenant}";
        using var client = fixture.Service.Client(tenant: _tenant);
        // An evaluator that begins to lead ends what no rule holds open.
        await client.EvaluateAsync();
        var drafts = fixture.Service.Services.GetRequiredService<OwnDrafts>();
        var at = DateTimeOffset.UtcNow;
        EventDraft?[] told =
        [
            drafts.Make(EventTypes.ServiceHealthFailed, Severity.Error, new() { ["name"] = service, ["url"] = "http://s", ["status"] = "down", ["error"] = "away", ["since"] = at.UtcDateTime }),
            drafts.Make(EventTypes.AutohealAttempted, Severity.Info, new() { ["service"] = service, ["action"] = "restart", ["reason"] = "down", ["msg"] = "", ["duration_ms"] = 1, ["verified"] = false }),
        ];
        await fixture.Service.Services.GetRequiredService<IEventWriter>().WriteAsync([.. told.OfType<EventDraft>()], CancellationToken.None);
        await fixture.Source.ExecuteAsync(
            $"""
            insert into command_center.alerts (alert_id, rule_id, rule_name, tenant_id, alert_severity, threshold, window_seconds, matched_count, event_ids,
                raised_at, acknowledged_at, resolved_at)
            select gen_random_uuid(), gen_random_uuid(), name, '{_tenant}', 3, 1, 60, 1, array[]::text[], now() - raised * interval '1 min',
                now() - interval '15 min', now() - resolved * interval '1 min'
            from (values ('over', 20, 5), ('open', 20, null), ('young', 2, null)) v (name, raised, resolved)
            """);
        // What anybody says of it who may publish changes nothing, not even in the Command Center's own name.
        using var liar = fixture.Service.Client("agent");
        liar.DefaultRequestHeaders.Add("X-User-Name", "command-center");
        using var well = await liar.PublishAsync($"well-{_tenant}", EventTypes.ServiceHealthRecovered, payload: new { name = service, status = "up" });
        using var healed = await liar.PublishAsync($"healed-{_tenant}", EventTypes.AutohealSucceeded, payload: new { service, action = "restart" });
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (well.StatusCode, healed.StatusCode));
        using var foreigner = fixture.Service.Client(tenant: NewTenant());

        var now = await client.JsonAsync("/ops/state");
        var then = await client.JsonAsync(Uri(at.AddMinutes(-10)));
        using var ahead = await client.GetAsync(Uri(at.AddMinutes(5)));

        Assert.Equal(("down", "up"), (Status(now, service), Status(then, service)));
        Assert.Equal("running", (string?)now["heals"]!.AsArray().Single(heal => (string?)heal!["service"] == service)!["state"]);
        Assert.DoesNotContain(then["heals"]!.AsArray(), heal => (string?)heal!["service"] == service);
        Assert.Equal(["young", "open"], Rules(now));
        Assert.Equal(["open", "over"], Rules(then).Order(StringComparer.Ordinal));
        Assert.Equal(2, (int)then["alerts_by_severity"]!["critical"]!);
        Assert.All(then["alerts"]!.AsArray(), alert => Assert.True((bool)alert!["acknowledged"]!));
        Assert.Empty(Rules(await foreigner.JsonAsync("/ops/state")));
        Assert.Equal(HttpStatusCode.BadRequest, ahead.StatusCode);
    }

    [Fact]
    public async Task Who_may_publish_events_cannot_say_how_the_mesh_stands_not_even_by_the_name_of_the_Command_Center()
    {
        var (failing, invented) = ($"svc-{_tenant}", $"lie-{_tenant}");
        var failed = fixture.Service.Services.GetRequiredService<OwnDrafts>().Make(
            EventTypes.ServiceHealthFailed, Severity.Error, new() { ["name"] = failing, ["url"] = "http://s", ["status"] = "down", ["error"] = "away", ["since"] = DateTime.UtcNow });
        await fixture.Service.Services.GetRequiredService<IEventWriter>().WriteAsync([failed!], CancellationToken.None);
        using var liar = fixture.Service.Client("agent");
        using var namesake = fixture.Service.Client("agent");
        namesake.DefaultRequestHeaders.Add("X-User-Name", "command-center");
        (string Type, object Payload)[] lies =
        [
            (EventTypes.ServiceHealthRecovered, new { name = failing }), (EventTypes.ServiceHealthFailed, new { name = invented }),
            (EventTypes.AutohealAttempted, new { service = invented, action = "restart", reason = "down", msg = "", duration_ms = 1, verified = false }),
        ];
        foreach (var (client, name) in ((HttpClient, string)[])[(liar, "liar"), (namesake, "namesake")])
        {
            foreach (var (type, payload) in lies)
            {
                using var told = await client.PublishAsync($"{name}-{type}-{_tenant}", type, "error", payload);
                Assert.Equal(HttpStatusCode.OK, told.StatusCode);
            }
        }
        using var all = fixture.Service.Client();

        var state = await all.JsonAsync("/ops/state");

        Assert.Equal("down", Status(state, failing));
        Assert.DoesNotContain(invented, state["services"]!.AsArray().Select(one => (string?)one!["name"]));
        Assert.DoesNotContain(invented, state["heals"]!.AsArray().Select(heal => (string?)heal!["service"]));
        var stored = (await all.JsonAsync($"/events/recent?event_type={EventTypes.AutohealAttempted}"))["events"]!.AsArray();
        Assert.Equal("command-center (over HTTP)", (string?)stored.Single(one => (string?)one!["event_id"] == $"namesake-{EventTypes.AutohealAttempted}-{_tenant}")!["publisher"]);
    }

    private static string Uri(DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"/ops/state?at={at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");

    private static string? Status(JsonObject state, string service) =>
        (string?)state["services"]!.AsArray().Single(one => (string?)one!["name"] == service)!["status"];

    private static IEnumerable<string?> Rules(JsonObject state) => state["alerts"]!.AsArray().Select(alert => (string?)alert!["rule_name"]);
}
