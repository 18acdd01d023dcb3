using System.Net.Http.Json;
using AetherLink.Tests.Web;
using Aspire.Hosting.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AetherLink.Tests.Mesh;

[Collection(SharedMesh.Name)]
public sealed class OverviewInTheBrowserTests(MeshFixture mesh)
{
    [Fact]
    public async Task An_event_appears_on_the_overview_without_a_reload()
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(Chromium.Options);
        var page = await browser.NewPageAsync(new BrowserNewPageOptions { BaseURL = mesh.Application.GetEndpoint("web", "http").ToString() });
        page.SetDefaultTimeout(20_000);
        await SignInAsync(page);
        await Expect(page.GetByTestId("state-sentence")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("service-card-orchestrator")).ToBeVisibleAsync();

        var source = $"browser-{Guid.NewGuid():N}"[..20];
        await page.EvaluateAsync("() => { window.loadedOnce = true; }");
        using var client = mesh.Client("command-center", "operator");
        using var published = await client.PostAsJsonAsync(
            "/events/publish", new { event_type = "lead.created", source, payload = new { lead_id = "1" } });
        published.EnsureSuccessStatusCode();

        await Expect(page.GetByTestId("event-row").Filter(new LocatorFilterOptions { HasText = source }).First).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("() => window.loadedOnce === true"), "The page was not loaded again.");
    }

    private static async Task SignInAsync(IPage page)
    {
        await page.GotoAsync("/");
        await page.GetByTestId("sign-in-operator").ClickAsync();
    }
}
