using AetherLink.Tests.CommandCenter;
using AetherLink.Tests.Postgres;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AetherLink.Tests.Web;

public sealed class OverviewInTheBrowserTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task Service_that_goes_down_is_told_live_and_a_past_minute_is_shown_again_by_keys_alone()
    {
        await using var orchestrator = await FakeMesh.StartAsync();
        await using var center = await RunningCommandCenter.StartAsync(
            database.ConnectionString, settings: new() { ["services:orchestrator:http:0"] = orchestrator.Url });
        await using var healer = await FakeMesh.StartAsync();
        healer.Answers["/autoheal/history"] = new { history = Array.Empty<object>(), total_in_history = 0, limit = 50 };
        await using var gateway = await Gateway.StartAsync(
            center.Address.AbsoluteUri, settings: new Dictionary<string, string?> { ["services:auto-heal:http:0"] = healer.Url });
        await using var open = await OpenPage.AtAsync(gateway.Address);
        var page = await open.GoAsync("/", "operator");
        var sentence = page.GetByTestId("state-sentence");
        await Expect(sentence).ToContainTextAsync("All 2 services are up");

        await orchestrator.DisposeAsync();
        await Expect(sentence).ToContainTextAsync("1 of 2 services down since");
        await Expect(page.GetByTestId("service-card-orchestrator")).ToHaveAttributeAsync("data-status", "down");
        await Expect(page.Locator("[data-drawn]").First).ToBeVisibleAsync();
        await open.AssertAccessibleAsync();
        await open.PhotographAsync("overview");

        await page.GetByRole(AriaRole.Slider).FocusAsync();
        await page.Keyboard.PressAsync("Home");
        await Expect(sentence).ToContainTextAsync("All 2 services are up");
        await Expect(sentence).ToContainTextAsync("At ");
        Assert.Contains("at=", page.Url, StringComparison.Ordinal);
        await open.PhotographAsync("overview-then");
        await page.GetByTestId("back-to-now").ClickAsync();
        await Expect(sentence).ToContainTextAsync("1 of 2 services down since");
    }

    [Fact]
    public async Task Thousand_services_are_grouped_and_filtered_and_only_those_in_sight_are_drawn()
    {
        var now = DateTimeOffset.UtcNow;
        await using var mesh = await FakeMesh.StartAsync();
        mesh.Answers["/ops/health"] = new
        {
            status = "degraded",
            services = Enumerable.Range(0, 1_000).ToDictionary(
                number => $"service-{number:D4}",
                number => new { status = number == 777 ? "down" : "up", url = "http://s", since = now, last_checked = now, latency_ms = 3.5 }),
        };
        mesh.Answers["/events/recent"] = new { status = "ok", count = 0, next_cursor = (string?)null, events = Array.Empty<object>() };
        mesh.Answers["/insights/causes"] = new { status = "no_fault_found", count = 0, causes = Array.Empty<object>() };
        mesh.Answers["/alerts"] = new { status = "ok", count = 0, next_cursor = (string?)null, alerts = Array.Empty<object>() };
        mesh.Answers["/autoheal/history"] = new { history = Array.Empty<object>(), total_in_history = 0, limit = 50 };
        await using var gateway = await Gateway.StartAsync(mesh);
        await using var open = await OpenPage.AtAsync(gateway.Address);
        var page = await open.GoAsync("/", "operator");

        await Expect(page.GetByTestId("service-count")).ToHaveTextAsync("1,000 of 1,000 services");
        await Expect(page.GetByTestId("service-card-service-0777")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("service-card-service-0999")).ToHaveCountAsync(0);
        Assert.InRange(await page.Locator("[data-testid^=service-card-]").CountAsync(), 5, 100);
        await open.AssertAccessibleAsync();
        await open.PhotographAsync("overview-1000");
        await page.GetByTestId("many-services").PressAsync("End");
        await Expect(page.GetByTestId("service-card-service-0999")).ToBeVisibleAsync();
        await page.GetByTestId("filter-service").FillAsync("service-099");
        await Expect(page.GetByTestId("service-count")).ToHaveTextAsync("10 of 1,000 services");
        Assert.Contains("service=service-099", page.Url, StringComparison.Ordinal);
    }
}
