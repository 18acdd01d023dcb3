using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AetherLink.Tests.Web;

public sealed class EventsInTheBrowserTests
{
    [Fact]
    public async Task History_goes_on_live_is_narrowed_by_its_address_stands_still_when_paused_and_shows_a_trace()
    {
        await using var mesh = await FakeMesh.StartAsync();
        mesh.Answers["/events/recent"] = new { status = "ok", count = 2, next_cursor = (string?)null, events = new[] { Event(2, "error"), Event(1, "info") } };
        mesh.Answers["/events/stats"] = new
        {
            status = "ok",
            total = 2,
            last_24h = 2,
            by_severity = new { info = 1 },
            by_type = new { },
            by_hour = new[] { new { hour = DateTimeOffset.UtcNow, count = 2 } },
        };
        await using var gateway = await Gateway.StartAsync(mesh);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(Chromium.Options);
        var page = await browser.NewPageAsync(new() { BaseURL = gateway.Address.AbsoluteUri });
        page.SetDefaultTimeout(20_000);
        SetDefaultExpectTimeout(20_000);
        var rows = page.GetByTestId("event-row");

        await page.GotoAsync("/events?severity=error");
        await page.GetByTestId("sign-in-operator").ClickAsync();
        await Expect(rows).ToHaveCountAsync(2);
        Assert.Contains(mesh.Requests, asked => asked.PathAndQuery.Contains("severity=error", StringComparison.Ordinal));
        await Expect(page.GetByTestId("connection-state")).ToContainTextAsync("Live");

        mesh.Publish("acme", severity: "info");
        mesh.Publish("acme", severity: "error");
        await Expect(rows).ToHaveCountAsync(3);

        await page.GetByTestId("history-pause").ClickAsync();
        mesh.Publish("acme", severity: "error");
        await Expect(page.GetByText("paused, 1 waiting")).ToBeVisibleAsync();
        await Expect(rows).ToHaveCountAsync(3);
        await page.GetByTestId("history-pause").ClickAsync();
        await Expect(rows).ToHaveCountAsync(4);

        await rows.Last.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.GetByTestId("same-trace")).ToContainTextAsync("lead 2");
        Assert.Contains("event=acme", page.Url, StringComparison.Ordinal);
        await page.Keyboard.PressAsync("Escape");

        await page.GetByTestId("filter-text").FillAsync("jensen");
        await page.WaitForURLAsync(url => url.Contains("text=jensen", StringComparison.Ordinal));
        await Eventually.True(
            () => mesh.Requests.Any(asked => asked.PathAndQuery.Contains("text=jensen", StringComparison.Ordinal)), Gateway.Soon);
        await page.GetByTestId("filter-clear").ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains('?', StringComparison.Ordinal));
    }

    private static object Event(int sequence, string severity) => new
    {
        sequence,
        event_id = $"old{sequence}",
        event_type = "lead.created",
        source = "crm",
        tenant_id = "acme",
        severity,
        timestamp = DateTimeOffset.UtcNow,
        received_at = DateTimeOffset.UtcNow,
        trace_id = "0af7651916cd43dd8448eb211c80319c",
        payload = new { lead = $"{sequence}" },
    };
}
