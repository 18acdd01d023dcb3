using AetherLink.Tests.AutoHeal;
using AetherLink.Tests.CommandCenter;
using AetherLink.Tests.CommandCenter.Deliveries;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
using HealedMesh = AetherLink.Tests.AutoHeal.FakeMesh;

namespace AetherLink.Tests.Web;

/// <summary>The page on a real healer and a real Command Center, behind a real gateway. What Kafka carries, the test carries.</summary>
public sealed class HealsInTheBrowserTests() : HealerTest("orchestrator", "web")
{
    [Fact]
    public async Task Admin_restarts_by_hand_with_a_reason_and_an_operator_sees_it_live_and_why_not_again()
    {
        await using var healer = await StartAsync(("AUTOHEAL_COOLDOWN_SECONDS", "60"));
        var healerUrl = healer.Client.BaseAddress!.AbsoluteUri;
        await using var center = await RunningCommandCenter.StartAsync(
            Database.ConnectionString, settings: new() { ["MESH_KEY"] = HealedMesh.Key, ["services:auto-heal:http:0"] = healerUrl });
        await using var gateway = await Gateway.StartAsync(
            center.Address.AbsoluteUri, settings: new Dictionary<string, string?> { ["MESH_KEY"] = HealedMesh.Key, ["services:auto-heal:http:0"] = healerUrl });
        await using var open = await OpenPage.AtAsync(gateway.Address);
        await healer.WaitForStateAsync("web", "healthy");
        await healer.WaitForStateAsync("orchestrator", "healthy");

        var operators = await open.GoElsewhereAsync("/auto-heal", "operator");
        await Expect(operators.GetByTestId("heal-verdict")).ToHaveTextAsync("All systems healthy");
        await Expect(operators.GetByTestId("figure-attempts")).ToContainTextAsync("0");
        await Expect(operators.GetByText("Nothing has needed healing.")).ToBeVisibleAsync();
        await Expect(operators.GetByRole(AriaRole.Button, new() { Name = "Restart web" })).ToHaveCountAsync(0);

        var page = await open.GoAsync("/auto-heal", "admin");
        await page.GetByRole(AriaRole.Button, new() { Name = "Restart web" }).ClickAsync();
        await Expect(page.GetByTestId("restart-forecast")).ToContainTextAsync("would allow it");
        await Expect(page.GetByTestId("confirm")).ToBeDisabledAsync();
        await page.GetByTestId("restart-reason").FillAsync("A new certificate");
        await open.AssertAccessibleAsync();
        await page.GetByTestId("confirm").ClickAsync();
        await healer.WaitForHistoryAsync(1);
        await healer.WaitForStateAsync("web", "healthy");
        foreach (var told in healer.Events)
            await DeliveringCommandCenter.TellAsync(center, told.EventId, told.EventType, told.TenantId, told.Payload);

        foreach (var seen in (IPage[])[operators, page])
        {
            await Expect(seen.GetByTestId("heal-row")).ToContainTextAsync("A new certificate");
            await Expect(seen.GetByTestId("figure-success-rate")).ToContainTextAsync("100 %");
            await Expect(seen.GetByTestId("target-web")).ToContainTextAsync("cooldown until");
        }
        await page.GetByRole(AriaRole.Button, new() { Name = "Restart web" }).ClickAsync();
        await Expect(page.GetByTestId("restart-forecast")).ToContainTextAsync("would refuse");
        await page.GetByTestId("restart-reason").FillAsync("Again");
        await Expect(page.GetByTestId("confirm")).ToBeDisabledAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.GetByTestId("target-web").GetByRole(AriaRole.Button, new() { Name = "web", Exact = true }).ClickAsync();
        await page.WaitForURLAsync(url => url.Contains("target=web", StringComparison.Ordinal));
        await Expect(page.GetByRole(AriaRole.Img, new() { Name = "1 heal of web" })).ToHaveAttributeAsync("data-drawn", "true");
        await open.AssertAccessibleAsync();
        await open.PhotographAsync("auto-heal");
        Assert.Equal(["restart web"], Mesh.Commands);
        await page.GetByTestId("healing-rule-new").ClickAsync();
        await page.GetByTestId("healing-rule-save").ClickAsync();
        await Expect(page.GetByTestId("healing-rule-form")).ToContainTextAsync("must be 1 to 128 characters");
        await page.GetByTestId("healing-rule-name").FillAsync("Send again what was slow");
        await open.AssertAccessibleAsync();
        await page.GetByTestId("healing-rule-save").ClickAsync();
        await Expect(page.GetByTestId("healing-rule-row").Filter(new() { HasText = "Send again what was slow" })).ToBeVisibleAsync();
        await Expect(operators.GetByTestId("healing-rule-new")).ToHaveCountAsync(0);
        await Expect((await open.GoElsewhereAsync("/auto-heal", "viewer")).GetByTestId("forbidden")).ToBeVisibleAsync();
    }
}
