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
    public async Task Events_appear_on_the_overview_without_a_reload_also_after_the_Command_Center_was_killed()
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(Chromium.Options);
        var page = await browser.NewPageAsync(new BrowserNewPageOptions { BaseURL = mesh.Application.GetEndpoint("web", "http").ToString() });
        page.SetDefaultTimeout(20_000);
        SetDefaultExpectTimeout(20_000);
        await SignInAsync(page);
        await Expect(page.GetByTestId("state-sentence")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("service-card-orchestrator")).ToBeVisibleAsync();

        await page.EvaluateAsync("() => { window.loadedOnce = true; }");
        await Expect(page.GetByTestId("event-row").Filter(new LocatorFilterOptions { HasText = await PublishAsync() }).First).ToBeVisibleAsync();

        mesh.ProcessOf("AetherLink.CommandCenter").Kill();
        await Expect(page.GetByTestId("connection-state")).Not.ToContainTextAsync("Live");
        var source = "";
        await Eventually.True(async () => (source = await TryPublishAsync()) != "", TimeSpan.FromSeconds(60), "the Command Center is back");
        await Expect(page.GetByTestId("event-row").Filter(new LocatorFilterOptions { HasText = source }).First).ToBeVisibleAsync();
        await Expect(page.GetByTestId("connection-state")).ToContainTextAsync("Live");
        Assert.True(await page.EvaluateAsync<bool>("() => window.loadedOnce === true"), "The page was not loaded again.");
    }

    private async Task<string> PublishAsync()
    {
        var source = await TryPublishAsync();
        Assert.NotEmpty(source);
        return source;
    }

    /// <returns>The source of what was published, by which it is found; empty when nobody takes it.</returns>
    private async Task<string> TryPublishAsync()
    {
        var source = $"browser-{Guid.NewGuid():N}"[..20];
        try
        {
            using var client = mesh.Client("command-center", "operator");
            using var published = await client.PostAsJsonAsync("/events/publish", new { event_type = "lead.created", source, payload = new { lead_id = "1" } });
            return published.IsSuccessStatusCode ? source : "";
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }

    private static async Task SignInAsync(IPage page)
    {
        await page.GotoAsync("/");
        await page.GetByTestId("sign-in-operator").ClickAsync();
    }
}
