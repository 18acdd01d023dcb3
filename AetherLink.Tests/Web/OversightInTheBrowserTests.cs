using System.Net.Http.Json;
using AetherLink.CommandCenter.Insights.Anomalies.Feeding;
using AetherLink.Tests.CommandCenter.Alerts;
using AetherLink.Tests.CommandCenter.Insights;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AetherLink.Tests.Web;

/// <summary>The pages by which an operator looks over everything, on a real Command Center, behind a real gateway.</summary>
public sealed class OversightInTheBrowserTests(AlertsFixture fixture) : IClassFixture<AlertsFixture>
{
    [Fact]
    public async Task Operator_judges_an_anomaly_finds_the_verdict_in_the_audit_and_reads_the_tenants_and_the_mesh()
    {
        // Any server will do for what is only looked at from outside.
        var tools = new Dictionary<string, string?> { ["Tools:Grafana"] = fixture.Service.Address.AbsoluteUri, ["Tools:Prometheus"] = "http://127.0.0.1:9" };
        await using var gateway = await Gateway.StartAsync(fixture.Service.Address.AbsoluteUri, settings: tools);
        await FillAsync(gateway.Address);
        await using var open = await OpenPage.AtAsync(gateway.Address);
        var page = await open.GoAsync("/insights?view=anomalies", "operator");
        await JudgeAsync(open, page);
        await AuditAsync(open, page);
        await TenantsAsync(open, page);
        await MeshAsync(open, page);
        foreach (var path in (string[])["/insights", "/audit", "/tenants", "/mesh"])
        {
            await page.GotoAsync(path);
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        }
        await Expect((await open.GoElsewhereAsync("/audit", "agent")).GetByTestId("forbidden")).ToContainTextAsync("operators and admins");
    }

    private static async Task JudgeAsync(OpenPage open, IPage page)
    {
        await Expect(page.GetByTestId("anomaly-row")).ToHaveCountAsync(2);
        await open.AssertAccessibleAsync();
        await open.PhotographAsync("insights-anomalies");
        await page.GetByTestId("anomaly-row").GetByRole(AriaRole.Button, new() { Name = "latency of claude" }).ClickAsync();
        await Expect(page.GetByTestId("anomaly-detail")).ToContainTextAsync("200 ms instead of 20");
        await Expect(page.Locator("[data-drawn]")).ToBeVisibleAsync();
        Assert.Contains("anomaly=", page.Url, StringComparison.Ordinal);
        await open.AssertAccessibleAsync();
        await open.PhotographAsync("insights-anomaly");
        await page.GetByTestId("anomaly-note").FillAsync("A campaign of ours");
        await page.GetByTestId("say-false_positive").ClickAsync();
        await Expect(page.GetByTestId("anomaly-detail")).ToContainTextAsync("operator@development");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByTestId("anomaly-row")).ToHaveCountAsync(1);
        await Expect(page.GetByTestId("figure-false-alarms")).ToContainTextAsync("100 %");
    }

    private static async Task AuditAsync(OpenPage open, IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Audit" }).ClickAsync();
        await Expect(page.GetByTestId("audit-row").First).ToContainTextAsync("operator@development: anomaly false positive");
        await page.GetByTestId("audit-verify").ClickAsync();
        await Expect(page.GetByTestId("audit-verdict")).ToContainTextAsync("Intact");
        await open.AssertAccessibleAsync();
        await open.PhotographAsync("audit");
        await page.GetByTestId("filter-action").FillAsync("alert_rule.changed");
        await Expect(page.GetByTestId("audit-row")).ToHaveCountAsync(1);
        await page.GetByTestId("audit-row").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.GetByTestId("audit-changes")).ToContainTextAsync("threshold");
        Assert.Contains("entry=", page.Url, StringComparison.Ordinal);
        await open.AssertAccessibleAsync();
        await open.PhotographAsync("audit-entry");
        await page.Keyboard.PressAsync("Escape");
    }

    private async Task TenantsAsync(OpenPage open, IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Tenants" }).ClickAsync();
        var acme = page.GetByTestId("tenant-row").Filter(new() { HasText = "acme" });
        await Expect(acme).ToContainTextAsync("20 events");
        await Expect(page.Locator("[data-drawn]")).ToBeVisibleAsync();
        await open.AssertAccessibleAsync();
        await open.PhotographAsync("tenants");
        using var publisher = fixture.Service.Client(tenant: "acme");
        await publisher.PublishManyAsync(1);
        await acme.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.GetByTestId("health-terms")).ToContainTextAsync("Errors among the events");
        await Expect(page.GetByTestId("tenant-detail")).ToContainTextAsync("21");
        await open.AssertAccessibleAsync();
        await open.PhotographAsync("tenants-detail");
        await page.Keyboard.PressAsync("Escape");
    }

    private static async Task MeshAsync(OpenPage open, IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Mesh" }).ClickAsync();
        await Expect(page.GetByTestId("service-crm")).ToContainTextAsync("down");
        await Expect(page.GetByTestId("tools").GetByRole(AriaRole.Link)).ToHaveTextAsync(["Grafana"]);
        await Expect(page.GetByText("Auto-Heal does not answer")).ToBeVisibleAsync();
        await open.AssertAccessibleAsync();
        await open.PhotographAsync("mesh");
        await page.GetByRole(AriaRole.Button, new() { Name = "command-center" }).ClickAsync();
        await Expect(page.GetByTestId("service-endpoints")).ToContainTextAsync("/events/publish");
        await open.AssertAccessibleAsync();
        await open.PhotographAsync("mesh-service");
        await page.Keyboard.PressAsync("Escape");
        await page.GetByTestId("filter-name").FillAsync("crm");
        await Expect(page.GetByTestId("service-command-center")).ToHaveCountAsync(0);
    }

    /// <summary>Two tenants, one of them with errors and an anomaly; rules that a person made; a service outside the mesh that is down.</summary>
    private async Task FillAsync(Uri web)
    {
        using var acme = fixture.Service.Client(tenant: "acme");
        await acme.PublishManyAsync(17);
        await acme.PublishManyAsync(3, severity: "error");
        using var globex = fixture.Service.Client(tenant: "globex");
        await globex.PublishManyAsync(40);
        await fixture.Source.AnomalyAsync("acme", "events/lead.created/error", deviations: 24, minutesAgo: 12);
        await fixture.Source.AnomalyAsync("globex", "ai/claude/latency", minutesAgo: 30);
        await PointsAsync("globex", "ai/claude/latency", minutesAgo: 30);

        using var person = fixture.Service.Client("admin");
        person.DefaultRequestHeaders.Add("X-User-Name", "mia@acme.example");
        var rule = new { name = "Leads fail", threshold = 50, window_seconds = 300, severity = "error" };
        var id = await person.RuleAsync(rule);
        using var changed = await person.PutAsJsonAsync($"/alerts/rules/{id}", new { rule.name, threshold = 80, rule.window_seconds, rule.severity });
        changed.EnsureSuccessStatusCode();
        foreach (var (name, url) in ((string, Uri)[])[("billing", web), ("crm", new("http://127.0.0.1:9"))])
        {
            using var registered = await person.PostAsJsonAsync("/ops/register", new { name, url, version = "2.4.1", tags = new[] { "external" } });
            registered.EnsureSuccessStatusCode();
        }
    }

    /// <summary>A series around the beginning of its anomaly. Nothing is counted for it, so that nobody else writes it.</summary>
    private async Task PointsAsync(string tenant, string name, int minutesAgo)
    {
        const int number = 1_000_000;
        await using var series = fixture.Source.CreateCommand(
            "insert into command_center.series (id, tenant_id, name, kind, as_of, last_seen) values ($1, $2, $3, 1, now(), now())");
        series.Parameters.Add(new() { Value = number });
        series.Parameters.Add(new() { Value = tenant });
        series.Parameters.Add(new() { Value = name });
        await series.ExecuteNonQueryAsync();

        var began = DateTime.UtcNow.AddMinutes(-minutesAgo);
        await using var points = fixture.Source.CreateCommand(
            "insert into command_center.series_points select * from unnest($1::timestamptz[], $2::bytea[]) on conflict do nothing");
        var range = Enumerable.Range(-60, 160).ToArray();
        points.Parameters.Add(new() { Value = range.Select(bucket => began.AddSeconds(10 * bucket)).ToArray() });
        points.Parameters.Add(new() { Value = range.Select(bucket => PointsFormat.Write([(number, bucket < 0 ? 18 + (bucket * bucket % 7) : 170 + (bucket * 37 % 60))])).ToArray() });
        await points.ExecuteNonQueryAsync();
    }
}
