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
        await UseAsync();
        await using var open = await OpenPage.AtAsync(gateway.Address);
        var page = await open.GoAsync("/ai", "operator");
        await Expect(page.GetByTestId("provider-local")).ToContainTextAsync("closed");
        await Expect(page.GetByText("No calls yet")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.List, new() { Name = "calls by hour and provider, in all" })).ToContainTextAsync("claude");
        await page.GetByTestId("usage-by").GetByText("Tenant").ClickAsync();
        await Expect(page.GetByRole(AriaRole.List, new() { Name = "cost in USD by hour and tenant, in all" })).ToContainTextAsync("globex");
        Assert.Contains("by=tenant", page.Url, StringComparison.Ordinal);
        await page.GetByTestId("usage-by").GetByText("Intent").ClickAsync();
        await Expect(page.Locator("[aria-label='calls by hour and intent'][data-drawn]")).ToBeVisibleAsync();
        await page.GetByTestId("usage-by").GetByText("Provider").ClickAsync();

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

    /// <summary>A day of two tenants' calls, as its sums would be kept.</summary>
    private async Task UseAsync()
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(database.ConnectionString);
        await using var command = source.CreateCommand(
            """
            with used as (
                select h, intent, provider, tenant, price, ms, (2 + (h * 7 + length(tenant) * 5 + length(provider) * 3 + length(intent)) % 17)::bigint as calls
                from generate_series(0, 23) h cross join (values ('extract-lead'), ('summarize-activity')) i (intent)
                cross join (values ('claude', 0.0042, 820.0), ('openai', 0.0026, 610.0), ('local', 0, 4.0)) p (provider, price, ms)
                cross join (values ('acme'), ('globex')) t (tenant)
            )
            insert into command_center.ai_usage_hours
                (of_all, tenant_id, hour, intent, provider, calls, succeeded, fallbacks, input_tokens, output_tokens, cost_usd, latencies)
            select of_all, case when of_all then '' else tenant end, date_trunc('hour', now(), 'UTC') - make_interval(hours => h), intent, provider,
                sum(calls), sum(calls), 0, sum(calls) * 420, sum(calls) * 90, sum(calls * price), command_center.latencies(ms)
            from used cross join (values (false), (true)) s (of_all)
            group by 1, 2, 3, 4, 5
            """);
        await command.ExecuteNonQueryAsync();
    }
}
