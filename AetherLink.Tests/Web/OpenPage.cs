using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AetherLink.Tests.Web;

/// <summary>A browser with one page of the gateway's.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private const int PatienceMs = 20_000;

    private static readonly string Axe = File.ReadAllText(
        Path.Combine(Repository.Root, "AetherLink.Web", "ui", "node_modules", "axe-core", "axe.min.js"));

    /// <summary>Set, the pages are photographed into docs/.</summary>
    private static readonly bool IsCamera = Environment.GetEnvironmentVariable("AETHERLINK_SCREENSHOTS") == "1";

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly Uri _gateway;
    private bool _isDark;

    private OpenPage(IPlaywright playwright, IBrowser browser, Uri gateway, IPage page) =>
        (_playwright, _browser, _gateway, Page) = (playwright, browser, gateway, page);

    public IPage Page { get; }

    public static async Task<OpenPage> AtAsync(Uri gateway)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(Chromium.Options);
        SetDefaultExpectTimeout(PatienceMs);
        return new(playwright, browser, gateway, await NewPageAsync(browser, gateway));
    }

    /// <summary>The page at a path, for somebody who has just signed in.</summary>
    public async Task<IPage> GoAsync(string path, string role)
    {
        await Page.GotoAsync(path);
        await Page.GetByTestId($"sign-in-{role}").ClickAsync();
        return Page;
    }

    /// <summary>The page at a path as somebody else sees it, with cookies of its own.</summary>
    public async Task<IPage> GoElsewhereAsync(string path, string role)
    {
        var page = await NewPageAsync(_browser, _gateway);
        await page.GotoAsync(path);
        await page.GetByTestId($"sign-in-{role}").ClickAsync();
        return page;
    }

    /// <summary>
    /// What axe finds on the page as it stands, and calls serious or critical: in the one scheme and the other by turns, with a camera in
    /// both, the other one on a phone. Where that is asked for it is done without a camera, too: nothing is wider than the phone then.
    /// </summary>
    public async Task AssertAccessibleAsync(bool alsoOnPhone = false)
    {
        await Page.EvaluateAsync(Axe);
        _isDark = !_isDark;
        await AssertAccessibleAsync(_isDark ? ColorScheme.Dark : ColorScheme.Light);
        if (IsCamera || alsoOnPhone)
        {
            await Page.SetViewportSizeAsync(390, 844);
            await AssertAccessibleAsync(_isDark ? ColorScheme.Light : ColorScheme.Dark);
            // Charts take their new width a moment after the page has.
            await Page.WaitForFunctionAsync("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth");
            await Page.SetViewportSizeAsync(1440, 900);
        }
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce });
    }

    private async Task AssertAccessibleAsync(ColorScheme scheme)
    {
        await Page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        await Expect(Page.Locator($"html[data-mantine-color-scheme={(scheme == ColorScheme.Dark ? "dark" : "light")}]")).ToHaveCountAsync(1);
        // Some colours take their time to become others, also where motion is reduced.
        await Page.EvaluateAsync("() => Promise.allSettled(document.getAnimations().map(one => one.finished))");
        var found = await Page.EvaluateAsync<JsonElement>("() => axe.run(document, { resultTypes: ['violations'] })");
        var faults = found.GetProperty("violations").EnumerateArray()
            .Where(one => one.GetProperty("impact").GetString() is "serious" or "critical")
            .SelectMany(one => one.GetProperty("nodes").EnumerateArray().Select(node =>
                $"{one.GetProperty("id")}: {node.GetProperty("html")} {node.GetProperty("failureSummary")}"))
            .ToList();
        Assert.True(faults.Count == 0, $"{scheme}: {string.Join('\n', faults)}");
    }

    /// <summary>The page as it stands, in both schemes, on a laptop and on a phone; whole, unless something lies over it.</summary>
    public async Task PhotographAsync(string name)
    {
        if (!IsCamera)
            return;
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "docs", "screens")).FullName;
        var isWhole = await Page.GetByRole(AriaRole.Dialog).CountAsync() == 0;
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            foreach (var (width, height) in ((int, int)[])[(1440, 900), (390, 844)])
            {
                await Page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
                await Page.SetViewportSizeAsync(width, height);
                await Page.EvaluateAsync("() => scrollTo(0, 0)");
                await Page.ScreenshotAsync(new()
                {
                    Path = Path.Combine(folder, $"{name}-{scheme}-{width}.png".ToLowerInvariant()),
                    FullPage = isWhole,
                    Animations = ScreenshotAnimations.Disabled,
                    // Rows that are out of sight are not drawn, also while all of the page is photographed; and its head is where the page begins.
                    Style = "* { content-visibility: visible !important; } header { position: static !important; }",
                });
            }
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce });
        await Page.SetViewportSizeAsync(1440, 900);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private static async Task<IPage> NewPageAsync(IBrowser browser, Uri gateway)
    {
        // What moves is neither read nor photographed well.
        var page = await browser.NewPageAsync(new() { BaseURL = gateway.AbsoluteUri, ReducedMotion = ReducedMotion.Reduce, ViewportSize = new() { Width = 1440, Height = 900 } });
        page.SetDefaultTimeout(PatienceMs);
        return page;
    }
}
