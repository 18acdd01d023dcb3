using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace AetherLink.Tests.ServiceDefaults;

public sealed class AuditTests
{
    [Fact]
    public async Task Statistics_count_by_route_template_and_status()
    {
        await using var app = await ToyApp.StartAsync(app =>
        {
            app.MapGet("/things/{id}", (string id) => TypedResults.Ok(id)).RequireAuthorization(Policies.Public);
            app.MapGet("/broken", IResult () => throw new InvalidOperationException("x")).RequireAuthorization(Policies.Public);
        });
        foreach (var path in (string[])["/things/1", "/things/2", "/broken", "/made/up", "/audit/stats"])
        {
            using var answer = await app.SendAsync(path);
        }
        using var forbidden = await app.SendAsync("/audit/stats", ("X-User-Roles", "viewer"));

        var stats = await app.GetAsync("/audit/stats", ("X-User-Roles", "operator"));

        Assert.Equal(
            """{"total_requests":6,"denied_401_unauthorized":1,"denied_403_forbidden":1,"by_path":{"/audit/stats":2,"/things/{id}":2,"(unmatched)":1,"/broken":1},"by_status":{"200":2,"401":1,"403":1,"404":1,"500":1}}""",
            stats.GetRawText());
    }

    [Fact]
    public async Task Statistics_can_be_read_while_others_are_counted()
    {
        var stats = new AuditStats();
        var counting = Task.Run(() =>
        {
            for (var status = 0; status < 20_000; status++)
            {
                stats.Count($"/{status}", status);
            }
        });

        while (!counting.IsCompleted)
        {
            Assert.True(stats.Summary().ByStatus.Count <= 20_000);
        }
        await counting;

        Assert.Equal(20_000, stats.Summary().ByStatus.Count);
    }

    [Fact]
    public void Statistics_show_the_ten_paths_that_are_asked_most()
    {
        var stats = new AuditStats();
        for (var path = 0; path < 30; path++)
        {
            for (var times = 0; times <= path; times++)
            {
                stats.Count($"/{path:D2}", 200);
            }
        }

        var summary = stats.Summary();

        Assert.Equal(Enumerable.Range(20, 10).Reverse().Select(path => $"/{path:D2}"), summary.ByPath.Keys);
        Assert.Equal(30 * 31 / 2, summary.TotalRequests);
    }

    [Fact]
    public async Task Request_is_one_line_with_the_fields_of_the_contract()
    {
        await using var app = await ToyApp.StartAsync();
        using var answer = await app.SendAsync(
            "/audit/stats?x=1", ("X-User-Roles", "operator"), ("X-User-Name", "ada"), ("X-Tenant-ID", "acme"));

        var line = Assert.Single(app.Logs.Lines, line => line.Id.Id == 1000);

        Assert.Equal(LogLevel.Information, line.Level);
        Assert.Equal(
            ("/audit/stats", "GET", 200, "ada", "acme", "127.0.0.1"),
            (line.Values["Endpoint"], line.Values["Method"], line.Values["Status"], line.Values["User"], line.Values["TenantId"],
                line.Values["ClientIp"]));
        Assert.Equal(["operator"], (IEnumerable<string>)line.Values["UserRoles"]!);
        Assert.True((double)line.Values["DurationMs"]! > 0);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    [InlineData("/metrics")]
    public async Task Probe_that_finds_all_well_is_a_line_too_under_a_category_that_can_be_left_out(string path)
    {
        await using var app = await ToyApp.StartAsync();
        await using var quiet = await ToyApp.StartAsync(settings: new() { ["Logging:LogLevel:ProbeRequests"] = "Warning" });
        foreach (var one in (ToyApp[])[app, quiet])
        {
            using var answer = await one.SendAsync(path);
            Assert.Equal(200, (int)answer.StatusCode);
            using var refused = await one.SendAsync("/audit/stats");
            Assert.Equal(401, (int)refused.StatusCode);
        }

        Assert.Equal(
            [(path, "ProbeRequests", LogLevel.Information), ("/audit/stats", "Requests", LogLevel.Information)],
            RequestsIn(app).Select(line => ((string)line.Values["Endpoint"]!, line.Category, line.Level)));
        Assert.Equal(["/audit/stats"], RequestsIn(quiet).Select(line => line.Values["Endpoint"]));
        Assert.Equal(2, (await quiet.GetAsync("/audit/stats", ("X-User-Roles", "operator"))).GetProperty("total_requests").GetInt32());
    }

    [Fact]
    public async Task Probe_that_finds_something_wrong_is_a_line_like_any_other()
    {
        await using var app = await ToyApp.StartAsync(
            settings: new() { ["Logging:LogLevel:ProbeRequests"] = "Warning" },
            add: builder => builder.Services.AddHealthChecks().AddCheck("broken", () => HealthCheckResult.Unhealthy()));
        using var answer = await app.SendAsync("/health");

        Assert.Equal(503, (int)answer.StatusCode);
        Assert.Equal("Requests", Assert.Single(RequestsIn(app)).Category);
    }

    private static IEnumerable<LogLine> RequestsIn(ToyApp app) => app.Logs.Lines.Where(line => line.Id.Id == 1000);
}
