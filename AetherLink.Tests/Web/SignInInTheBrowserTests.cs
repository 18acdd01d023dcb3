using AetherLink.Tests.Identity;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AetherLink.Tests.Web;

/// <summary>
/// What a person does, in a real browser: the issuer is another site there, with all that browsers make of it.
/// </summary>
public sealed class SignInInTheBrowserTests(OidcProvider provider) : IClassFixture<OidcProvider>
{
    [Fact]
    public async Task Person_signs_in_at_the_issuer_sees_the_page_signs_out_and_is_refused_with_another_role()
    {
        await provider.ResetAsync();
        await using var mesh = await FakeMesh.StartAsync();
        var now = DateTimeOffset.UtcNow;
        mesh.Answers["/ops/health"] = new
        {
            status = "up",
            services = new { orchestrator = new { status = "up", url = "http://o", since = now, last_checked = now, rbac_enabled = false } },
        };
        mesh.Answers["/events/recent"] = new { status = "ok", count = 0, next_cursor = (string?)null, events = Array.Empty<object>() };
        mesh.Answers["/alerts"] = new { status = "ok", count = 0, next_cursor = (string?)null, alerts = Array.Empty<object>() };
        mesh.Answers["/autoheal/history"] = new { history = Array.Empty<object>(), total_in_history = 0, limit = 50 };
        mesh.Answers["/providers/health"] = new { };
        mesh.Answers["/alerts/deliveries/stats"] = new { queued = 0, due = 0, in_flight = 0, near_failure = 0, given_up = 0, delivered = 0, failed_attempts = 0 };
        await using var gateway = await IssuerGateway.StartAsync(mesh, provider);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(Chromium.Options);
        var page = await browser.NewPageAsync(new() { BaseURL = gateway.Address.AbsoluteUri });
        page.SetDefaultTimeout(20_000);
        SetDefaultExpectTimeout(20_000);
        var refusals = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
                refusals.Add(message.Text);
        };

        await page.GotoAsync("/?severity=error");
        await page.GetByTestId("sign-in-issuer").ClickAsync();
        await EnterAsync(page, "operator@acme");
        await Expect(page.GetByTestId("user-menu")).ToContainTextAsync("operator");
        await Expect(page.GetByTestId("user-menu")).ToContainTextAsync("acme");
        await Expect(page.GetByTestId("state-sentence")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("open-doors")).ToContainTextAsync("Access control is off at orchestrator.");
        Assert.Equal(new(gateway.Address, "/?severity=error"), new Uri(page.Url));
        var reachable = await page.EvaluateAsync<string>("() => document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)");
        Assert.DoesNotContain("aetherlink", reachable, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", reachable, StringComparison.Ordinal);

        await page.GetByTestId("user-menu").ClickAsync();
        await page.GetByTestId("sign-out").ClickAsync();
        await Expect(page.GetByTestId("sign-in-issuer")).ToBeVisibleAsync();
        Assert.Equal(gateway.Address.Authority, new Uri(page.Url).Authority);
        Assert.Equal(1, await provider.CountAsync("end_session"));

        await page.GetByTestId("sign-in-issuer").ClickAsync();
        await EnterAsync(page, "viewer@globex");
        await Expect(page.GetByTestId("forbidden")).ToBeVisibleAsync();
        Assert.Empty(refusals);
    }

    private static async Task EnterAsync(IPage page, string name)
    {
        await page.Locator("input[name=login]").FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Enter" }).ClickAsync();
    }
}
