using System.Net.Http.Json;
using AetherLink.Tests.CommandCenter;
using AetherLink.Tests.Postgres;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AetherLink.Tests.Web;

/// <summary>The page on a real Command Center, behind a real gateway.</summary>
public sealed class EventsInTheBrowserTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task History_goes_on_live_is_narrowed_by_its_address_stands_still_when_paused_and_shows_a_trace()
    {
        await using var center = await RunningCommandCenter.StartAsync(database.ConnectionString);
        using var publisher = center.Client("operator", "acme");
        await PublishAsync(publisher, "error", "Wang", Trace);
        await PublishAsync(publisher, "info", "Okafor", Trace);
        await PublishAsync(publisher, "error", "Jensen");
        await using var gateway = await Gateway.StartAsync(center.Address.AbsoluteUri);
        await using var open = await OpenPage.AtAsync(gateway.Address);
        var page = await open.GoAsync("/events?severity=error", "operator");
        var rows = page.GetByTestId("event-row");
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(page.GetByTestId("connection-state")).ToContainTextAsync("Live");
        await Expect(page.Locator("[data-drawn]")).ToBeVisibleAsync();

        await PublishAsync(publisher, "info", "Silva");
        await PublishAsync(publisher, "error", "Kaya");
        await Expect(rows).ToHaveCountAsync(3);
        await open.AssertAccessibleAsync();
        await open.PhotographAsync("events");

        await page.GetByTestId("history-pause").ClickAsync();
        await PublishAsync(publisher, "error", "Novak");
        await Expect(page.GetByText("paused, 1 waiting")).ToBeVisibleAsync();
        await Expect(rows).ToHaveCountAsync(3);
        await page.GetByTestId("history-pause").ClickAsync();
        await Expect(rows).ToHaveCountAsync(4);

        await rows.Last.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.GetByTestId("same-trace")).ToContainTextAsync("Okafor");
        Assert.Contains("event=acme", page.Url, StringComparison.Ordinal);
        await open.PhotographAsync("events-detail");
        await page.Keyboard.PressAsync("Escape");
        // Back to where the person was; until then what is typed would go there.
        await Expect(rows.Last.GetByRole(AriaRole.Button)).ToBeFocusedAsync();

        await page.GetByTestId("filter-text").FillAsync("jensen");
        await page.WaitForURLAsync(url => url.Contains("text=jensen", StringComparison.Ordinal));
        await Expect(rows).ToHaveCountAsync(1);
        await page.GetByTestId("filter-clear").ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains('?', StringComparison.Ordinal));
        await Expect(rows.Filter(new() { HasText = "Silva" })).ToHaveCountAsync(1);
        var refused = await open.GoElsewhereAsync("/events", "viewer");
        await Expect(refused.GetByTestId("forbidden")).ToBeVisibleAsync();
    }

    private static async Task PublishAsync(HttpClient publisher, string severity, string lead, string? trace = null)
    {
        using var answer = await publisher.PostAsJsonAsync("/events/publish", new { event_type = "lead.created", source = "crm", severity, payload = new { lead }, trace_id = trace });
        answer.EnsureSuccessStatusCode();
    }
}
