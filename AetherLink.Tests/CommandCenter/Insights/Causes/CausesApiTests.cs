using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Announcing;
using AetherLink.CommandCenter.Insights.Anomalies.Feeding;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.CommandCenter.Alerts;
using Microsoft.Extensions.DependencyInjection;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter.Insights.Causes;

public sealed class CausesApiTests(AlertsFixture fixture) : IClassFixture<AlertsFixture>
{
    /// <summary>Buckets before the fixture's own: nobody closes these again.</summary>
    private static readonly long Past = Bucket.Of(DateTimeOffset.UtcNow.AddMinutes(-40));

    /// <summary>Ids that the fixture's own series do not reach.</summary>
    private const int FirstId = 1_000_000;

    private readonly string _tenant = NewTenant();

    [Fact]
    public async Task Cause_is_told_with_its_evidence_to_its_tenant_and_to_who_sees_all_and_verdicts_of_it_are_kept()
    {
        await FailingProviderAsync();
        using var client = fixture.Service.Client(tenant: _tenant);
        using var another = fixture.Service.Client(tenant: NewTenant());
        using var all = fixture.Service.Client();
        var window = Window(20, 30);

        var answer = await client.JsonAsync($"/insights/causes{window}");

        var cause = Assert.Single(answer["causes"]!.AsArray())!;
        Assert.Equal(("ok", 1, "provider:claude"), ((string?)answer["status"], (int)answer["count"]!, (string?)cause["node"]));
        var sign = Assert.Single(cause["evidence"]!.AsArray())!;
        Assert.Equal(("erring", "ai/claude/failures"), ((string?)sign["kind"], (string?)sign["reference"]));
        Assert.Equal(Bucket.Start(Past + 150), DateTimeOffset.Parse((string)cause["since"]!, null));
        Assert.Equal("no_fault_found", (string?)(await another.JsonAsync($"/insights/causes{window}"))["status"]);
        Assert.Equal("no_fault_found", (string?)(await client.JsonAsync($"/insights/causes{Window(10, 15)}"))["status"]);
        Assert.Contains("provider:claude", (await all.JsonAsync($"/insights/causes{window}"))["causes"]!.AsArray().Select(one => (string?)one!["node"]));

        var path = $"/insights/causes/{cause["id"]}/verdict{window}";
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsJsonAsync(path, new { verdict = "right_cause" })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsJsonAsync(path, new { verdict = "wrong_cause", note = "it was us 🙈" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await another.PostAsJsonAsync(path, new { verdict = "wrong_cause" })).StatusCode);
        using var wrong = await client.PostAsJsonAsync($"{path}&tenant_id=a%00b", new { verdict = "perhaps", note = "\0" });
        Assert.Equal(["note", "tenant_id", "verdict"], await FieldsAsync(wrong));
        Assert.Equal(HttpStatusCode.Forbidden, (await another.PostAsJsonAsync($"{path}&tenant_id={_tenant}", new { verdict = "wrong_cause" })).StatusCode);

        var judged = await client.JsonAsync($"/insights/causes{window}");
        var verdict = judged["causes"]![0]!["verdict"]!;
        Assert.Equal(("wrong_cause", "it was us 🙈"), ((string?)verdict["verdict"], (string?)verdict["note"]));
        Assert.Equal((1, 1, 100.0), ((int)judged["verdicts"]!["judged"]!, (int)judged["verdicts"]!["wrong"]!, (double)judged["verdicts"]!["wrong_rate"]!));
        Assert.Equal(0, (int)(await another.JsonAsync($"/insights/causes{window}"))["verdicts"]!["judged"]!);
        // Who sees all judges what the tenant is shown only when that is what was looked at.
        Assert.Equal(HttpStatusCode.NotFound, (await all.PostAsJsonAsync(path, new { verdict = "right_cause" })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await all.PostAsJsonAsync($"{path}&tenant_id={_tenant}", new { verdict = "right_cause" })).StatusCode);
        Assert.Equal("right_cause", (string?)(await client.JsonAsync($"/insights/causes{window}"))["causes"]![0]!["verdict"]!["verdict"]);
        Assert.Equal(
            [("cause.right_cause", "wrong_cause", "right_cause"), ("cause.wrong_cause", "right_cause", "wrong_cause"), ("cause.right_cause", null, "right_cause")],
            (await client.JsonAsync("/audit/operator"))["entries"]!.AsArray().Select(entry =>
                ((string?)entry!["action"], (string?)entry["before"]!["verdict"]?["verdict"], (string?)entry["after"]!["verdict"]!["verdict"])));
    }

    [Fact]
    public async Task Service_that_failed_is_named_and_one_that_somebody_only_says_has_failed_is_not()
    {
        using var all = fixture.Service.Client();
        using var liar = fixture.Service.Client("agent");
        using var told = await liar.PublishAsync($"lie-{_tenant}", EventTypes.ServiceHealthFailed, "error", new { name = "orchestrator", error = "Connection refused" });
        fixture.Service.Services.GetRequiredService<Announcer>().AnnounceChange(
            "health/web", "failed", EventTypes.ServiceHealthFailed, Severity.Error,
            new JsonObject { ["name"] = "web", ["url"] = "http://web", ["status"] = "down", ["error"] = "Connection refused (web:80)" });

        await Eventually.True(
            async () => (await all.JsonAsync("/insights/causes"))["causes"]!.AsArray().Any(cause => (string?)cause!["node"] == "web"), AlertRequests.Soon);

        var causes = (await all.JsonAsync("/insights/causes"))["causes"]!.AsArray();
        Assert.DoesNotContain("orchestrator", causes.Select(cause => (string?)cause!["node"]));
        var sign = causes.Single(cause => (string?)cause!["node"] == "web")!["evidence"]![0]!;
        Assert.Equal(("down", "Connection refused (web:80)"), ((string?)sign["kind"], (string?)sign["text"]));
        Assert.Contains($"lie-{_tenant}", await all.IdsAsync($"?event_type={EventTypes.ServiceHealthFailed}"));
    }

    [Fact]
    public async Task Service_that_failed_is_named_however_often_somebody_says_so_of_others()
    {
        using var all = fixture.Service.Client();
        fixture.Service.Services.GetRequiredService<Announcer>().AnnounceChange(
            "health/auto-heal", "failed", EventTypes.ServiceHealthFailed, Severity.Error,
            new JsonObject { ["name"] = "auto-heal", ["url"] = "http://auto-heal", ["status"] = "down", ["error"] = "Connection refused (auto-heal:80)" });
        // With its own times it is not answered from what was found a moment ago.
        async Task<bool> IsNamedAsync() => (await all.JsonAsync(
            $"/insights/causes?from={DateTime.UtcNow.AddMinutes(-10):yyyy-MM-ddTHH:mm:ssZ}&to={DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.fffZ}"))["causes"]!
            .AsArray().Any(cause => (string?)cause!["node"] == "auto-heal");
        await Eventually.True(IsNamedAsync, AlertRequests.Soon);
        using var liar = fixture.Service.Client("agent");

        for (var batch = 0; batch < 6; batch++)
        {
            using var told = await liar.PostAsJsonAsync("/events/publish/batch", Enumerable.Range(0, 1_000).Select(number => new
            {
                event_type = EventTypes.ServiceHealthFailed,
                source = "liar",
                severity = "error",
                payload = new { name = $"nobody-{number}", url = "http://nobody", status = "down", error = "Connection refused", since = DateTime.UtcNow },
            }));
            Assert.Equal(1_000, (int)(await told.JsonAsync())["stored"]!);
        }

        Assert.True(await IsNamedAsync());
    }

    [Theory]
    [InlineData("?from=2026-01-01T00:00:00Z&to=2026-01-01T04:00:00Z", "from")]
    [InlineData("?from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:04Z", "from")]
    [InlineData("?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "from")]
    [InlineData("?from=0001-01-01T00:00:00Z&to=0001-01-01T00:00:01Z", "from")]
    [InlineData("?to=0001-01-01T00:00:00Z", "from")]
    [InlineData("?from=9999-12-31T23:59:59Z", "from")]
    [InlineData("?to=9999-01-01T00:00:00Z", "to")]
    [InlineData("?tenant_id=a%00b", "tenant_id")]
    public async Task Window_that_cannot_be_is_refused_by_the_name_of_what_is_wrong(string query, string fields)
    {
        using var client = fixture.Service.Client();

        using var answer = await client.GetAsync(new Uri($"/insights/causes{query}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(fields, string.Join(',', await FieldsAsync(answer)));
    }

    [Fact]
    public async Task Another_tenants_causes_are_forbidden()
    {
        using var client = fixture.Service.Client(tenant: _tenant);

        using var answer = await client.GetAsync(new Uri("/insights/causes?tenant_id=another", UriKind.Relative));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private static string Window(int fromMinutes, int toMinutes) =>
        $"?from={Bucket.Start(Past + (fromMinutes * 6)):yyyy-MM-ddTHH:mm:ssZ}&to={Bucket.Start(Past + (toMinutes * 6)):yyyy-MM-ddTHH:mm:ssZ}";

    private static async Task<string[]> FieldsAsync(HttpResponseMessage answer) =>
        [.. (await answer.JsonAsync())["errors"]!.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal)];

    /// <summary>Half an hour of nothing, in which a provider fails five times from the 150th bucket on.</summary>
    private async Task FailingProviderAsync()
    {
        await using var connection = await fixture.Source.OpenConnectionAsync();
        await RecordedMesh.ExecuteAsync(
            connection, "insert into command_center.series (id, tenant_id, name, kind, as_of, last_seen) values ($1, $2, 'ai/claude/failures', 0, now(), now())",
            FirstId, _tenant);
        for (var bucket = 0; bucket < 180; bucket++)
        {
            await RecordedMesh.ExecuteAsync(connection, "insert into command_center.series_points values ($1, $2)",
                Bucket.Start(Past + bucket).UtcDateTime, PointsFormat.Write(bucket is 150 or 151 ? [(FirstId, 2.5)] : []));
        }
    }
}
