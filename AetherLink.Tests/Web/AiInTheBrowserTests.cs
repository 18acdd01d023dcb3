using AetherLink.Tests.CommandCenter;
using AetherLink.Tests.Orchestrator;
using AetherLink.Tests.Postgres;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AetherLink.Tests.Web;

/// <summary>The page on a real Orchestrator and a real Command Center with a broker between them, behind a real gateway.</summary>
public sealed class AiInTheBrowserTests(PostgresDatabase database, KafkaBroker kafka)
    : IClassFixture<PostgresDatabase>, IClassFixture<KafkaBroker>
{
    /// <summary>A provider that nothing answers for, before the one that needs nobody.</summary>
    private const string Chain = """
        version: 1
        providers:
          - {name: primary, type: ollama, model: m, url: "http://127.0.0.1:9", priority: 1, timeout_ms: 1000, capabilities: [extract-lead]}
          - {name: local, type: local, capabilities: [extract-lead, summarize-activity, classify-intent]}
        """;

    [Fact]
    public async Task Operator_tries_an_intent_and_sees_the_call_with_its_chain_and_the_provider_that_failed()
    {
        await using var center = await RunningCommandCenter.StartAsync(database.ConnectionString, kafka.Address);
        await using var orchestrator = await OrchestratorApp.StartAsync(
            Chain, catchAudit: false, ("MESH_KEY", ToyApp.MeshKey), ("ConnectionStrings:kafka", kafka.Address), ("ConnectionStrings:aetherlink", database.ConnectionString));
        await using var gateway = await Gateway.StartAsync(
            center.Address.AbsoluteUri,
            settings: new Dictionary<string, string?> { ["services:orchestrator:http:0"] = orchestrator.Client.BaseAddress!.AbsoluteUri });
        await using var open = await OpenPage.AtAsync(gateway.Address);
        var page = await open.GoAsync("/ai", "operator");
        await Expect(page.GetByTestId("provider-local")).ToContainTextAsync("closed");
        await Expect(page.GetByText("No calls yet")).ToBeVisibleAsync();

        await page.GetByTestId("intent-run").ClickAsync();
        await Expect(page.GetByTestId("intent-result")).ToContainTextAsync("after primary failed");
        await Expect(page.GetByTestId("call-row")).ToContainTextAsync("primary → local");
        await Expect(page.GetByTestId("figure-calls")).ToContainTextAsync("1 by a fallback");
        await Expect(page.GetByTestId("provider-primary")).ToContainTextAsync("last error");
        await open.AssertAccessibleAsync();
        await open.PhotographAsync("ai");

        await page.GetByTestId("call-row").GetByRole(AriaRole.Button, new() { Name = "extract-lead" }).ClickAsync();
        await Expect(page.GetByTestId("tried-row")).ToHaveCountAsync(2);
        Assert.Contains("call=", page.Url, StringComparison.Ordinal);
        await page.Keyboard.PressAsync("Escape");
        await page.GetByTestId("filter-intent").FillAsync("summarize-activity");
        await Expect(page.GetByText("No call is like that")).ToBeVisibleAsync();

        await Expect((await open.GoElsewhereAsync("/ai", "agent")).GetByTestId("forbidden")).ToBeVisibleAsync();
    }
}
