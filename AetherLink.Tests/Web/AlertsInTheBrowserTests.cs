using AetherLink.Tests.CommandCenter.Alerts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AetherLink.Tests.Web;

/// <summary>The page on a real Command Center, behind a real gateway.</summary>
public sealed class AlertsInTheBrowserTests(AlertsFixture fixture) : IClassFixture<AlertsFixture>
{
    [Fact]
    public async Task Operator_makes_a_rule_sees_it_fire_takes_the_alert_on_silences_it_and_deletes_the_rule()
    {
        using var publisher = fixture.Service.Client("operator");
        await publisher.PublishManyAsync(3, severity: "error");
        await using var gateway = await Gateway.StartAsync(fixture.Service.Address.AbsoluteUri);
        await using var open = await OpenPage.AtAsync(gateway.Address);
        var page = await open.GoAsync("/alerts", "operator");
        var alerts = page.GetByTestId("alert-row");
        await Expect(page.GetByText("Nothing is firing")).ToBeVisibleAsync();

        await page.GetByTestId("view-rules").ClickAsync();
        await page.GetByTestId("rule-new").ClickAsync();
        await page.GetByTestId("rule-threshold").FillAsync("none");
        await page.GetByTestId("rule-save").ClickAsync();
        await Expect(page.GetByTestId("rule-form")).ToContainTextAsync("is required");
        await page.GetByTestId("rule-name").FillAsync("Leads fail");
        await page.GetByTestId("rule-threshold").FillAsync("2");
        await Expect(page.GetByTestId("rule-preview")).ToContainTextAsync("Would have fired once in the last 24 h");
        await open.AssertAccessibleAsync();
        await open.PhotographAsync("alerts-rule");
        await page.GetByTestId("rule-save").ClickAsync();
        await Expect(page.GetByTestId("rule-row")).ToContainTextAsync("Fires at 2 events within 5 min");

        await page.GetByTestId("view-alerts").ClickAsync();
        await Expect(alerts).ToContainTextAsync("Leads fail");
        await open.AssertAccessibleAsync();
        await open.PhotographAsync("alerts");
        await page.GetByTestId("acknowledge").ClickAsync();
        await Expect(alerts).ToHaveCountAsync(0);
        await page.GetByTestId("alert-state").GetByText("Acknowledged").ClickAsync();
        await Expect(alerts).ToContainTextAsync("taken on by operator@development");

        await alerts.GetByRole(AriaRole.Button, new() { Name = "Leads fail" }).ClickAsync();
        Assert.Contains("alert=", page.Url, StringComparison.Ordinal);
        await page.GetByTestId("detail-silence").ClickAsync();
        await Expect(page.GetByTestId("silence-form").GetByLabel("Value")).ToHaveValueAsync("Leads fail");
        await page.GetByTestId("silence-reason").FillAsync("The importer is being mended");
        await page.GetByTestId("silence-save").ClickAsync();
        await Expect(page.GetByTestId("alert-detail")).ToContainTextAsync("by a silence");
        await page.Keyboard.PressAsync("Escape");
        await page.GetByTestId("view-silences").ClickAsync();
        await page.GetByTestId("silence-row").GetByRole(AriaRole.Button, new() { Name = "rule is Leads fail" }).ClickAsync();
        await Expect(page.GetByTestId("muted-row")).ToContainTextAsync("Leads fail");
        await page.Keyboard.PressAsync("Escape");

        await page.GetByTestId("view-rules").ClickAsync();
        await page.GetByTestId("rule-delete").ClickAsync();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByTestId("rule-row")).ToHaveCountAsync(0);
        await page.GotoAsync("/alerts?state=resolved");
        await Expect(alerts).ToContainTextAsync("Leads fail");

        await page.GetByTestId("view-templates").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a rule of Service down" }).ClickAsync();
        await Expect(page.GetByTestId("rule-name")).ToHaveValueAsync("Service down");
        await page.GetByTestId("rule-save").ClickAsync();
        await Expect(page.GetByTestId("rule-row")).ToContainTextAsync("Service down");

        await page.GetByTestId("view-templates").ClickAsync();
        await page.GetByTestId("template-new").ClickAsync();
        await page.GetByTestId("rule-threshold").FillAsync("none");
        await page.GetByTestId("template-save").ClickAsync();
        await Expect(page.GetByTestId("template-form")).ToContainTextAsync("is required");
        await page.GetByTestId("template-name").FillAsync("Ours");
        await page.GetByTestId("rule-threshold").FillAsync("4");
        await open.AssertAccessibleAsync();
        await page.GetByTestId("template-save").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Make a rule of Ours" })).ToBeVisibleAsync();
        await page.GetByTestId("template-delete").ClickAsync();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByTestId("template-delete")).ToHaveCountAsync(0);

        await Expect((await open.GoElsewhereAsync("/alerts", "viewer")).GetByTestId("forbidden")).ToContainTextAsync("operators and admins");
    }
}
