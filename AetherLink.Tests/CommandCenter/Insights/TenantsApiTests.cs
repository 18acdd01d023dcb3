using System.Net;
using System.Text.Json.Nodes;
using AetherLink.CommandCenter.AiUsage;
using AetherLink.Tests.CommandCenter.Alerts;
using Microsoft.Extensions.DependencyInjection;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter.Insights;

public sealed class TenantsApiTests(AlertsFixture fixture) : IClassFixture<AlertsFixture>
{
    private readonly string _tenant = NewTenant();

    [Theory]
    [InlineData("/tenant_analytics/summary")]
    [InlineData("/tenant-analytics/summary")]
    public async Task Tenant_is_summed_up_with_its_health_and_what_it_is_made_of(string path)
    {
        using var client = fixture.Service.Client(tenant: _tenant);
        await client.PublishManyAsync(19);
        await client.PublishManyAsync(1, severity: "error");
        await fixture.Service.Services.GetRequiredService<AiCallStore>().WriteAsync([Call("1", "success"), Call("2", "failed")], CancellationToken.None);
        await using (var counts = fixture.Source.CreateCommand(
            $"insert into command_center.delivery_counts values (date_trunc('hour', now(), 'UTC'), '{_tenant}', 0, -1, 3), (date_trunc('hour', now(), 'UTC'), '{_tenant}', 1, 2, 1)"))
        {
            await counts.ExecuteNonQueryAsync();
        }
        await fixture.Source.AnomalyAsync(_tenant, "events/lead.created/info");
        await fixture.Source.AnomalyAsync(_tenant, "events/lead.created/error", isEnded: true);

        var summary = await client.JsonAsync(path);
        using var foreign = await client.GetAsync($"{path}?tenant_id=another");
        using var wrong = await client.GetAsync($"{path}?hours=0&limit=0&cursor=*");

        var tenant = Assert.Single(summary["tenants"]!.AsArray())!;
        Assert.Equal(_tenant, (string?)tenant["tenant_id"]);
        Assert.Equal((20, 3, 25.0, 2, 1), ((int)tenant["events"]!, (int)tenant["deliveries"]!, (double)tenant["failure_rate"]!, (int)tenant["ai_calls"]!, (int)tenant["open_anomalies"]!));
        Assert.Equal(0.2m, (decimal)tenant["ai_cost_usd"]!);
        Assert.Equal((0.25, 0.5, 0.25), (Value(tenant, "delivery_failure_rate"), Value(tenant, "ai_failure_rate"), Value(tenant, "error_events")));
        // 20 x 1/4, 20 x 1/2, 15 x 1/4, 10 x 1/3.
        Assert.Equal(77.9, (double)tenant["health_score"]!);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.BadRequest), (foreign.StatusCode, wrong.StatusCode));
        Assert.Equal(["cursor", "hours", "limit"], (await wrong.JsonAsync())["errors"]!.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Tenants_come_by_page_each_once()
    {
        var tenants = Enumerable.Range(0, 5).Select(_ => NewTenant()).ToList();
        foreach (var tenant in tenants)
        {
            using var one = fixture.Service.Client(tenant: tenant);
            await one.PublishManyAsync(1);
        }
        using var client = fixture.Service.Client();
        var (seen, cursor) = (new List<string>(), (string?)"");
        do
        {
            var page = await client.JsonAsync($"/tenant_analytics/summary?limit=2&cursor={cursor}");
            seen.AddRange(page["tenants"]!.AsArray().Select(tenant => (string)tenant!["tenant_id"]!));
            cursor = (string?)page["next_cursor"];
        }
        while (cursor is not null);

        Assert.Equal(seen.Distinct(), seen);
        Assert.Empty(tenants.Except(seen));
    }

    private AiCall Call(string id, string outcome) => new()
    {
        CallId = $"{id}-{_tenant}",
        TenantId = _tenant,
        Intent = "extract-lead",
        Outcome = outcome,
        Provider = "local",
        Usage = new(1, 1, 0.1m),
        Timestamp = DateTimeOffset.UtcNow,
    };

    private static double Value(JsonNode tenant, string term) =>
        (double)tenant["health_terms"]!.AsArray().Single(one => (string)one!["name"]! == term)!["value"]!;
}
