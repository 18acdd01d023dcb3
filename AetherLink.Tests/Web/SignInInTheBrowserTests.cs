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
        mesh.AnswerQuietly(new { orchestrator = QuietMesh.Service("up", enforces: false) });
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
