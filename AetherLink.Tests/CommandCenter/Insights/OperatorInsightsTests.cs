using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.CommandCenter.AiUsage;
using AetherLink.CommandCenter.Insights.Replays;
using AetherLink.Tests.CommandCenter.Alerts;
using Microsoft.Extensions.DependencyInjection;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter.Insights;

/// <summary>What is safe to replay, and what failed most.</summary>
public sealed class OperatorInsightsTests(AlertsFixture fixture) : IClassFixture<AlertsFixture>
{
    private readonly string _tenant = NewTenant();

    [Fact]
    public async Task What_is_safe_to_replay_is_named_with_its_reasons_by_page_and_only_the_own()
    {
        var (well, dark) = (await fixture.Source.EndpointAsync(_tenant), await fixture.Source.EndpointAsync(_tenant, failures: 3));
        var safe = new List<Guid>();
        for (var n = 5; n >= 1; n--)
        {
            safe.Add(await fixture.Source.FailedDeliveryAsync(_tenant, well, minutesAgo: 10 + n));
        }
        var waiting = await fixture.Source.FailedDeliveryAsync(_tenant, dark, minutesAgo: 6);
        var wrong = await fixture.Source.FailedDeliveryAsync(_tenant, well, cause: 12);
        var replayed = await fixture.Source.FailedDeliveryAsync(_tenant, well);
        await fixture.Source.FailedDeliveryAsync(_tenant, well, minutesAgo: 4, status: 1, original: replayed);
        var foreigner = NewTenant();
        await fixture.Source.FailedDeliveryAsync(foreigner, await fixture.Source.EndpointAsync(foreigner));
        using var client = fixture.Service.Client(tenant: _tenant);

        var (seen, cursor) = (new List<JsonNode>(), (string?)"");
        do
        {
            var page = await client.JsonAsync($"/insights/replay-recommendations?limit=2&cursor={cursor}");
            seen.AddRange(page["recommendations"]!.AsArray().Select(one => one!));
            cursor = (string?)page["next_cursor"];
        }
        while (cursor is not null);
        var others = await client.JsonAsync("/insights/replay-recommendations?recommendation=fix,wait_until,ask");
        using var foreign = await client.GetAsync("/insights/replay-recommendations?tenant_id=another");
        using var bad = await client.GetAsync("/insights/replay-recommendations?hours=0&limit=0&cursor=x&recommendation=all");

        Assert.Equal(safe.Select(id => id.ToString()).Reverse(), Ids(seen));
        Assert.All(seen, one => Assert.Equal(("retry_now", "endpoint_down", "dead_letter", "https://hooks.example.com/***"),
            ((string?)one["recommendation"], (string?)one["cause"], (string?)one["state"], (string?)one["endpoint_url"])));
        Assert.All(seen[0]["reasons"]!.AsArray(), reason => Assert.True((bool)reason!["holds"]!));
        Assert.Equal([(wrong.ToString(), "fix"), (waiting.ToString(), "wait_until")],
            others["recommendations"]!.AsArray().Select(one => ((string)one!["delivery_id"]!, (string)one["recommendation"]!)));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.BadRequest), (foreign.StatusCode, bad.StatusCode));
        Assert.Equal(
            ["cursor", "hours", "limit", "recommendation"],
            (await bad.JsonAsync())["errors"]!.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal));

        using var dry = await client.PostAsJsonAsync("/alerts/deliveries/replay", new { ids = Ids(seen), dry_run = true });
        Assert.Equal(5, (int)(await dry.JsonAsync())["matched"]!);
    }

    [Fact]
    public async Task Page_of_recommendations_is_found_among_many_others_without_any_twice_or_left_out()
    {
        var endpoint = await fixture.Source.EndpointAsync(_tenant);
        var safe = new List<string>();
        for (var minutes = 1; minutes <= 24; minutes++)
        {
            // 12 is wrong with the message itself.
            var id = await fixture.Source.FailedDeliveryAsync(_tenant, endpoint, minutes, cause: minutes % 8 == 0 ? 4 : 12);
            if (minutes % 8 == 0)
            {
                safe.Add(id.ToString());
            }
        }
        using var client = fixture.Service.Client(tenant: _tenant);

        var first = await client.JsonAsync("/insights/replay-recommendations?limit=2");
        var second = await client.JsonAsync($"/insights/replay-recommendations?limit=2&cursor={first["next_cursor"]}");

        Assert.Equal(safe, Ids(first["recommendations"]!.AsArray().Concat(second["recommendations"]!.AsArray()).Select(one => one!)));
        Assert.Equal((16, 8, (string?)null), ((int)first["looked"]!, (int)second["looked"]!, (string?)second["next_cursor"]));
    }

    [Fact]
    public async Task Page_of_twenty_does_not_look_at_a_thousand()
    {
        var endpoint = await fixture.Source.EndpointAsync(_tenant);
        for (var minutes = 1; minutes <= 5; minutes++)
        {
            await fixture.Source.FailedDeliveryAsync(_tenant, endpoint, minutes);
        }
        var candidates = fixture.Service.Services.GetRequiredService<ReplayCandidates>();

        Assert.Equal(3, (await candidates.ReadAsync(null, _tenant, DateTimeOffset.UtcNow.AddHours(-1), most: 3, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task Summary_and_trends_tell_what_failed_most_and_what_replays_and_verdicts_came_to()
    {
        var (bad, worse) = (await fixture.Source.EndpointAsync(_tenant), await fixture.Source.EndpointAsync(_tenant));
        await fixture.Source.ExecuteAsync(
            $"""
            insert into command_center.delivery_counts select date_trunc('hour', now(), 'UTC'), '{_tenant}', o, t, n
                from (values (0, -1, 6), (1, 2, 3), (2, 1, 1)) v (o, t, n);
            insert into command_center.endpoint_counts select date_trunc('hour', now(), 'UTC'), e, '{_tenant}', d, f, g, r, s
                from (values ('{bad}'::uuid, 5, 1, 0, 1, 0), ('{worse}', 1, 3, 1, 2, 1)) v (e, d, f, g, r, s);
            insert into command_center.endpoint_counts values (date_trunc('hour', now() - interval '24 hours', 'UTC'), '{bad}', '{_tenant}', 7, 0, 0, 0, 0);
            """);
        await fixture.Source.AnomalyAsync(_tenant, "events/lead.created/info", isEnded: true);
        await fixture.Source.ExecuteAsync($"update command_center.anomalies set state = 3, triaged_by = 'somebody' where tenant_id = '{_tenant}'");
        using var client = fixture.Service.Client(tenant: _tenant);
        await client.PublishManyAsync(3, severity: "error");
        await fixture.Service.Services.GetRequiredService<AiCallStore>().WriteAsync(
            [new() { CallId = $"f-{_tenant}", TenantId = _tenant, Intent = "extract-lead", Outcome = "failed", Timestamp = DateTimeOffset.UtcNow,
                Attempts = [new("claude", "failed", "HTTP 529: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}", 1) { ErrorClass = "overload" }] }],
            CancellationToken.None);

        var summary = await client.JsonAsync("/operator-insights/summary");
        var trends = await client.JsonAsync("/operator-insights/trends?hours=12");
        var call = Assert.Single((await client.JsonAsync("/ops/ai/calls"))["calls"]!.AsArray())!;
        using var foreign = await client.GetAsync("/operator-insights/trends?tenant_id=another");
        using var wrong = await client.GetAsync("/operator-insights/summary?hours=745");

        Assert.Equal((6, 4, 1), ((int)summary["deliveries"]!["delivered"]!, (int)summary["deliveries"]!["failed_attempts"]!, (int)summary["deliveries"]!["given_up"]!));
        Assert.Equal((1, 3), ((int)summary["triage"]!["rate_limited"]!, (int)summary["triage"]!["transient_endpoint_down"]!));
        Assert.Equal([(worse.ToString(), 75.0), (bad.ToString(), 16.67)],
            summary["top_endpoints"]!.AsArray().Select(one => ((string)one!["endpoint_id"]!, (double)one["failure_rate"]!)));
        var tenant = Assert.Single(summary["top_tenants"]!.AsArray())!;
        Assert.Equal((_tenant, 4, 1), ((string?)tenant["tenant_id"], (int)tenant["failed_attempts"]!, (int)tenant["failed_ai_calls"]!));
        Assert.Equal((3, 1, 75.0), ((int)summary["replays"]!["delivered"]!, (int)summary["replays"]!["given_up"]!, (double)summary["replays"]!["success_rate"]!));
        Assert.Equal((1, 1, 100.0), ((int)summary["anomalies"]!["judged"]!, (int)summary["anomalies"]!["false_positives"]!, (double)summary["anomalies"]!["false_positive_rate"]!));
        Assert.Equal(12, trends["by_hour"]!.AsArray().Count);
        var now = trends["by_hour"]![11]!["figures"]!;
        Assert.Equal((3, 3, 6, 4, 4, 1), ((int)now["events"]!, (int)now["bad_events"]!, (int)now["delivered"]!, (int)now["failed_attempts"]!, (int)now["replays"]!, (int)now["failed_ai_calls"]!));
        Assert.Equal((6, 0), ((int)trends["now"]!["delivered"]!, (int)trends["before"]!["delivered"]!));
        Assert.Equal(7, (int)(await client.JsonAsync("/operator-insights/trends?hours=24"))["before"]!["delivered"]!);
        Assert.Equal(("overloaded", "wait_until", 30), ((string?)call["triage"]!["cause"], (string?)call["triage"]!["recommendation"], (int)call["triage"]!["wait_seconds"]!));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.BadRequest), (foreign.StatusCode, wrong.StatusCode));
    }

    [Fact]
    public async Task AI_calls_count_once_in_each_span_that_they_are_of_however_late_they_are_told_of()
    {
        var (now, store) = (DateTimeOffset.UtcNow, fixture.Service.Services.GetRequiredService<AiCallStore>());
        List<AiCall> calls = [.. ((int[])[0, 1, 30, 47, 100, 500, 700]).Select(hours => new AiCall
        {
            CallId = $"{hours}-{_tenant}",
            TenantId = _tenant,
            Intent = "extract-lead",
            Outcome = hours is 1 or 47 ? AiCall.Success : AiCall.Failed,
            Timestamp = now.AddHours(-hours),
        })];
        await store.WriteAsync(calls[2..], CancellationToken.None);
        await store.WriteAsync(calls[..4], CancellationToken.None);
        using var client = fixture.Service.Client(tenant: _tenant);

        // Two hours and more from any call, so that the hour may end meanwhile.
        foreach (var hours in (int[])[24, 40, 60, 120, 600, 744])
        {
            var of = calls.FindAll(call => call.Timestamp > now.AddHours(-hours));
            var failed = of.Count(call => call.Outcome == AiCall.Failed);
            var summary = await client.JsonAsync($"/operator-insights/summary?hours={hours}");
            var report = Assert.Single((await client.JsonAsync($"/tenant_analytics/summary?hours={hours}"))["tenants"]!.AsArray())!;

            Assert.Equal((of.Count, failed, of.Count), ((int)summary["ai"]!["calls"]!, (int)summary["ai"]!["failed"]!, (int)report["ai_calls"]!));
            Assert.Equal((of.Count, failed), ((int)summary["top_tenants"]![0]!["ai_calls"]!, (int)summary["top_tenants"]![0]!["failed_ai_calls"]!));
        }
        await using var all = fixture.Source.CreateCommand(
            "select (select sum(calls) from command_center.ai_days where of_all) = (select sum(calls) from command_center.ai_usage_hours where of_all)");
        Assert.True((bool)(await all.ExecuteScalarAsync())!);
    }

    private static string[] Ids(IEnumerable<JsonNode> recommendations) => [.. recommendations.Select(one => (string)one["delivery_id"]!)];
}
