using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Insights.Retaining;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.CommandCenter.Alerts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter.Insights;

public sealed class AnomaliesApiTests(AlertsFixture fixture) : IClassFixture<AlertsFixture>
{
    private readonly string _tenant = NewTenant();

    [Fact]
    public async Task Anomalies_are_listed_by_page_and_filter_and_only_the_own()
    {
        for (var n = 1; n <= 5; n++)
        {
            await fixture.Source.AnomalyAsync(_tenant, $"events/lead.created/{n}", deviations: n > 3 ? 30 : 8, isEnded: n == 1, minutesAgo: n == 1 ? 120 : 1);
        }
        await fixture.Source.AnomalyAsync(NewTenant(), "events/lead.created/foreign");
        using var client = fixture.Service.Client(tenant: _tenant);

        var first = await client.JsonAsync("/anomalies/current?limit=3");
        var rest = await client.JsonAsync($"/anomalies/current?limit=3&cursor={first["next_cursor"]}");
        var bad = await client.JsonAsync("/anomalies/current?severity=error");
        var old = await client.JsonAsync("/anomalies/history?hours=3&state=resolved");
        var recent = await client.JsonAsync("/anomalies/history?hours=1&series=events/lead.created");
        using var foreign = await client.GetAsync("/anomalies/current?tenant_id=another");
        using var wrong = await client.GetAsync("/anomalies/history?hours=0&limit=0&state=gone&severity=bad&cursor=x");

        Assert.Equal(["5", "4", "3", "2"], Names(first).Concat(Names(rest)));
        Assert.Null(rest["next_cursor"]);
        Assert.Equal((4, 4, 2, 2), ((int)first["summary"]!["total"]!, (int)first["summary"]!["open"]!,
            (int)first["summary"]!["by_severity"]!["error"]!, (int)first["summary"]!["by_severity"]!["warning"]!));
        Assert.Equal(["5", "4"], Names(bad));
        Assert.Equal(["1"], Names(old));
        Assert.Equal(["5", "4", "3", "2"], Names(recent));
        Assert.Equal("events/lead.created/5: 200 in 10 s, where 20 is usual.", (string?)first["incidents"]![0]!["message"]);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.BadRequest), (foreign.StatusCode, wrong.StatusCode));
        Assert.Equal(
            ["cursor", "hours", "limit", "severity", "state"],
            (await wrong.JsonAsync())["errors"]!.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Verdicts_are_kept_audited_told_once_and_shown_in_the_figures()
    {
        var wrong = await fixture.Source.AnomalyAsync(_tenant, "events/lead.created/info");
        var right = await fixture.Source.AnomalyAsync(_tenant, "ai/claude/latency");
        await fixture.Source.AnomalyAsync(_tenant, "ai/claude/failures");
        using var client = fixture.Service.Client(tenant: _tenant);
        using var foreign = fixture.Service.Client(tenant: NewTenant());

        await SayAsync(client, wrong, "acknowledged", null, HttpStatusCode.OK);
        await SayAsync(client, wrong, "false_positive", "a test of ours", HttpStatusCode.OK);
        await SayAsync(client, wrong, "resolved", null, HttpStatusCode.Conflict);
        await SayAsync(client, right, "resolved", null, HttpStatusCode.OK);
        await SayAsync(client, right, "open", new string('x', 501), HttpStatusCode.BadRequest);
        await SayAsync(foreign, right, "false_positive", null, HttpStatusCode.NotFound);

        var detail = (await client.JsonAsync($"/anomalies/{wrong}"))["incident"]!;
        Assert.Equal(("false_positive", "a test of ours"), ((string?)detail["state"], (string?)detail["note"]));
        Assert.NotNull(detail["triaged_at"]);
        Assert.Equal(["failures"], Names(await client.JsonAsync("/anomalies/current")));
        var stats = await client.JsonAsync("/anomalies/stats");
        Assert.Equal((3, 2, 1, 50.0), ((int)stats["total"]!, (int)stats["judged"]!, (int)stats["false_positives"]!, (double)stats["false_positive_rate"]!));
        Assert.Equal((2, 1, 0), Kind(stats["by_kind"]!["ai"]!));
        var told = await client.EventsAsync(EventTypes.OpsAnomalyResolved);
        Assert.Equal([wrong.ToString(), right.ToString()], told.Select(one => (string?)one["payload"]!["incident_id"]));
        var audit = await client.JsonAsync("/audit/operator");
        Assert.Equal(
            ["anomaly.resolved", "anomaly.false_positive", "anomaly.acknowledged"],
            audit["entries"]!.AsArray().Select(entry => (string?)entry!["action"]));
    }

    [Fact]
    public async Task Rules_raise_alerts_of_anomalies_and_these_are_no_series()
    {
        var id = await fixture.Source.AnomalyAsync(_tenant, "events/lead.created/info");
        using var client = fixture.Service.Client(tenant: _tenant);
        await client.RuleAsync(new { name = "over", event_type = "ops.anomaly.resolved", window_seconds = 60, threshold = 1 });

        await SayAsync(client, id, "resolved", null, HttpStatusCode.OK);

        await Eventually.True(async () => await client.StateAsync() == "raised", AlertRequests.Soon);
    }

    [Fact]
    public async Task Anomalies_that_have_ended_go_with_the_events_of_their_tenant()
    {
        await fixture.Source.AnomalyAsync(_tenant, "events/lead.created/old", isEnded: true, minutesAgo: 6 * 24 * 60);
        await fixture.Source.AnomalyAsync(_tenant, "events/lead.created/open", minutesAgo: 6 * 24 * 60);
        await fixture.Source.AnomalyAsync(_tenant, "events/lead.created/young", isEnded: true);
        await using var policy = fixture.Source.CreateCommand(
            $"insert into command_center.retention_policies (tenant_id, retention_days) values ('{_tenant}', 5)");
        await policy.ExecuteNonQueryAsync();
        using var retention = new InsightsRetention(
            fixture.Source, fixture.Service.Services.GetRequiredService<DatabaseReady>(), TimeProvider.System, NullLogger<InsightsRetention>.Instance);

        await retention.PruneAsync(CancellationToken.None);

        using var client = fixture.Service.Client(tenant: _tenant);
        Assert.Equal(["young", "open"], Names(await client.JsonAsync("/anomalies/history?hours=1000")));
    }

    [Fact]
    public async Task Verdicts_and_faults_of_parts_go_with_the_events_of_their_tenant()
    {
        await fixture.Source.ExecuteAsync(
            $"""
            insert into command_center.retention_policies (tenant_id, retention_days) values ('{_tenant}', 5);
            insert into command_center.cause_verdicts (cause_id, tenant_id, node, since, score, rank, verdict, judged_by, judged_at)
                select gen_random_uuid(), t, '{_tenant}', now(), 1, 1, 0, 'somebody', now() - make_interval(days => d)
                from (values ('{_tenant}', 6), ('{_tenant}', 4), (null, 6), (null, 4000)) v (t, d);
            insert into command_center.part_faults
                select '{_tenant}', 'somebody', 0, now() - make_interval(days => d), now() - make_interval(days => d), '' from (values (6), (4000)) v (d);
            """);
        using var retention = new InsightsRetention(
            fixture.Source, fixture.Service.Services.GetRequiredService<DatabaseReady>(), TimeProvider.System, NullLogger<InsightsRetention>.Instance);

        // The service itself prunes, too, when it has started: what counts is what is left.
        await retention.PruneAsync(CancellationToken.None);

        await using var left = fixture.Source.CreateCommand(
            $"""
            select array (select extract(day from now() - judged_at)::int from command_center.cause_verdicts where node = '{_tenant}' order by judged_at),
                array (select extract(day from now() - until)::int from command_center.part_faults where node = '{_tenant}')
            """);
        await using var row = await left.ExecuteReaderAsync();
        await row.ReadAsync();
        Assert.Equal([6, 4], row.GetFieldValue<int[]>(0));
        Assert.Equal([6], row.GetFieldValue<int[]>(1));
    }

    private static async Task SayAsync(HttpClient client, Guid id, string state, string? note, HttpStatusCode expected)
    {
        using var answer = await client.PostAsJsonAsync($"/anomalies/{id}/triage", new { state, note });
        Assert.Equal((state, expected), (state, answer.StatusCode));
    }

    private static string[] Names(JsonObject list) =>
        [.. list["incidents"]!.AsArray().Select(one => ((string)one!["series"]!).Split('/')[^1])];

    private static (int, int, int) Kind(JsonNode kind) => ((int)kind["total"]!, (int)kind["judged"]!, (int)kind["false_positives"]!);
}

internal static class Anomalies
{
    /// <summary>One that is there.</summary>
    public static async Task<Guid> AnomalyAsync(
        this NpgsqlDataSource source, string tenant, string series, double deviations = 8, bool isEnded = false, int minutesAgo = 1)
    {
        await using var command = source.CreateCommand(
            """
            insert into command_center.anomalies (id, group_id, tenant_id, series, kind, state, severity, since, last_seen, detected_at,
                score, observed, expected, deviations, ended_at)
            select i, i, $1, $2, 0, case when $4 then 2 else 0 end, case when $3 >= 20 then 2 else 1 end, at, at, at, 50, 200, 20, $3, case when $4 then at end
            from gen_random_uuid() i, lateral (select now() - $5 * interval '1 minute') t (at) returning id
            """);
        command.Parameters.Add(new() { Value = tenant });
        command.Parameters.Add(new() { Value = series });
        command.Parameters.Add(new() { Value = deviations });
        command.Parameters.Add(new() { Value = isEnded });
        command.Parameters.Add(new() { Value = minutesAgo });
        return (Guid)(await command.ExecuteScalarAsync())!;
    }
}
