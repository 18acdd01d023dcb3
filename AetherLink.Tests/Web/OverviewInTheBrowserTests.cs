using System.Net.Http.Json;
using System.Text.RegularExpressions;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Announcing;
using AetherLink.CommandCenter.Events.Committing;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.CommandCenter;
using AetherLink.Tests.CommandCenter.Insights;
using AetherLink.Tests.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace AetherLink.Tests.Web;

public sealed partial class OverviewInTheBrowserTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task Service_that_goes_down_is_told_live_with_its_cause_and_a_past_minute_is_shown_again_by_keys_alone()
    {
        await using var orchestrator = await FakeMesh.StartAsync();
        await using var center = await RunningCommandCenter.StartAsync(
            database.ConnectionString, settings: new()
            {
                ["services:orchestrator:http:0"] = orchestrator.Url,
                ["MESH_DEPENDENCIES"] = """{"web":["command-center","orchestrator"],"command-center":["orchestrator"],"auto-heal":["command-center"]}""",
            });
        await HappenedAsync(center);
        await using var healer = await FakeMesh.StartAsync();
        healer.Answers["/autoheal/history"] = new { history = new[] { Healed(minutesAgo: 25), Healed(minutesAgo: 42) }, total_in_history = 2, limit = 50 };
        healer.Answers["/providers/health"] = new { claude = QuietMesh.Provider("open", "529 overloaded"), local = QuietMesh.Provider("closed", null) };
        await using var grafana = await FakeMesh.StartAsync();
        grafana.Answers["/api/annotations"] = new[]
        {
            new { id = 1, time = DateTimeOffset.UtcNow.AddHours(-2).ToUnixTimeMilliseconds(), text = "Deployed 2.4", tags = new[] { "aetherlink" } },
        };
        await using var gateway = await Gateway.StartAsync(
            center.Address.AbsoluteUri, settings: new Dictionary<string, string?> { ["services:auto-heal:http:0"] = healer.Url, ["services:orchestrator:http:0"] = healer.Url, ["GRAFANA_URL"] = grafana.Url });
        await using var open = await OpenPage.AtAsync(gateway.Address);
        var page = await open.GoAsync("/", "operator");
        var sentence = page.GetByTestId("state-sentence");
        await Expect(sentence).ToContainTextAsync("All 2 services are up");

        await orchestrator.DisposeAsync();
        await Expect(sentence).ToContainTextAsync("1 of 2 services down since");
        await Expect(sentence).ToContainTextAsync("orchestrator healed twice");
        await Expect(page.GetByTestId("service-card-orchestrator")).ToHaveAttributeAsync("data-status", "down");
        await Expect(page.Locator("[data-drawn]").First).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Img, new() { NameRegex = OutageAndAnnotation() })).ToBeVisibleAsync();
        await Expect(page.GetByTestId("overview-provider-claude")).ToContainTextAsync("529 overloaded");
        await Expect(page.GetByTestId("probable-cause")).ToContainTextAsync("orchestrator, explains");
        await open.AssertAccessibleAsync(alsoOnPhone: true);
        await open.PhotographAsync("overview");

        await page.GetByRole(AriaRole.Slider).FocusAsync();
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(sentence).ToContainTextAsync("At ");
        for (var back = 0; back < 3; back++)
        {
            // The minute before is asked for only when this one is shown.
            var shown = await sentence.TextContentAsync();
            await page.Keyboard.PressAsync("ArrowLeft");
            await Expect(sentence).Not.ToHaveTextAsync(shown!);
        }
        await Expect(page.GetByTestId("service-card-orchestrator")).ToHaveAttributeAsync("data-status", "up");
        await Expect(page.GetByTestId("heal-row").First).ToContainTextAsync("orchestrator");
        await Expect(page.GetByTestId("event-row").First).ToBeVisibleAsync();
        await open.PhotographAsync("overview-then");

        await page.GetByRole(AriaRole.Slider).FocusAsync();
        await page.Keyboard.PressAsync("Home");
        // Nothing was told of the Command Center itself, which was not there yet.
        await Expect(sentence).ToContainTextAsync("1 of 2 services up, and of the others nothing is known");
        await Expect(sentence).ToContainTextAsync("At ");
        await Expect(page.GetByTestId("service-card-orchestrator")).ToHaveAttributeAsync("data-status", "up");
        Assert.Contains("at=", page.Url, StringComparison.Ordinal);
        await page.GetByTestId("back-to-now").ClickAsync();
        await Expect(sentence).ToContainTextAsync("1 of 2 services down since");
        await CauseAsync(open, page);
    }

    private static object Healed(int minutesAgo) => new
    {
        service = "orchestrator",
        action = "restart",
        success = true,
        msg = "Healthy again.",
        reason = "2 failed probes in a row",
        timestamp = DateTimeOffset.UtcNow.AddMinutes(-minutesAgo).ToUnixTimeSeconds(),
        duration_ms = 1_850,
        verified = true,
    };

    /// <summary>What the last hours were like.</summary>
    private static async Task HappenedAsync(RunningCommandCenter center)
    {
        object Event(string type, int minutesAgo, string source, object payload, string severity = "info", string tenant = "default") =>
            new { event_type = type, source, severity, tenant_id = tenant, timestamp = DateTimeOffset.UtcNow.AddMinutes(-minutesAgo), payload };
        object Call(string provider, double latency) =>
            Event("ai.provider.used", 7, "orchestrator", new { intent = "extract-lead", provider, model = "m", latency_ms = latency, attempts = Array.Empty<object>() }, tenant: "acme");
        // Of heals nobody is believed who publishes over HTTP.
        var drafts = center.Services.GetRequiredService<OwnDrafts>();
        EventDraft Heal(int minutesAgo) => drafts.Make(EventTypes.AutohealSucceeded, Severity.Info, new()
        {
            ["service"] = "orchestrator",
            ["action"] = "restart",
            ["reason"] = "2 failed probes in a row",
            ["msg"] = "Healthy again.",
            ["duration_ms"] = 1_850,
            ["verified"] = true,
        })! with
        { Timestamp = DateTimeOffset.UtcNow.AddMinutes(-minutesAgo) };
        await center.Services.GetRequiredService<IEventWriter>().WriteAsync([Heal(42), Heal(25), Heal(150)], CancellationToken.None);
        var leads = ((string[])["Okafor", "Jensen", "Silva", "Kaya", "Novak"]).Select(lead => Event("lead.created", 12, "crm", new { lead_id = lead }, lead == "Kaya" ? "warning" : "info", "acme"));
        using var publisher = center.Client("operator");
        using var published = await publisher.PostAsJsonAsync("/events/publish/batch", leads
            .Append(Call("local", 4.2)).Append(Call("claude", 812)).Append(Call("claude", 640)));
        published.EnsureSuccessStatusCode();
        // A past minute is shown as it was known then: all of it came when the youngest of it happened.
        await center.Services.GetRequiredService<NpgsqlDataSource>().ExecuteAsync(
            """
            select pg_advisory_xact_lock(x'6576656e7473'::bigint);
            update command_center.events set received_at = received_at - interval '7 min';
            update command_center.feed_minutes set minute = minute - interval '7 min';
            """);
    }

    /// <summary>From the sentence to the evidence, drawn on the mesh, and what a person says of it.</summary>
    private static async Task CauseAsync(OpenPage open, IPage page)
    {
        await page.GetByTestId("probable-cause").GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.GetByTestId("cause-row").First).ToContainTextAsync("orchestrator");
        Assert.Contains("cause=", page.Url, StringComparison.Ordinal);
        await Expect(page.GetByTestId("mesh-graph")).ToContainTextAsync("cause: down");
        await Expect(page.GetByTestId("evidence-row").First).ToContainTextAsync("orchestrator");
        await page.GetByTestId("cause-right").ClickAsync();
        await Expect(page.GetByText("operator@development says that it is the right cause")).ToBeVisibleAsync();
        await open.AssertAccessibleAsync();
        await open.PhotographAsync("insights-causes");
    }

    [GeneratedRegex("[1-9] outages?, .* 1 annotation$")]
    private static partial Regex OutageAndAnnotation();

    [Fact]
    public async Task Thousand_services_are_grouped_and_filtered_and_only_those_in_sight_are_drawn()
    {
        await using var mesh = await FakeMesh.StartAsync();
        mesh.AnswerQuietly(Enumerable.Range(0, 1_000).ToDictionary(number => $"service-{number:D4}", number => QuietMesh.Service(number == 777 ? "down" : "up")), "degraded");
        await using var gateway = await Gateway.StartAsync(mesh);
        await using var open = await OpenPage.AtAsync(gateway.Address);
        await open.Page.GotoAsync("/");
        await Expect(open.Page.GetByTestId("sign-in-operator")).ToBeVisibleAsync();
        await open.AssertAccessibleAsync();
        await open.PhotographAsync("sign-in");
        var page = await open.GoAsync("/", "operator");

        await Expect(page.GetByTestId("service-count")).ToHaveTextAsync("1,000 of 1,000 services");
        await Expect(page.GetByTestId("service-card-service-0777")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("service-card-service-0999")).ToHaveCountAsync(0);
        Assert.InRange(await page.Locator("[data-testid^=service-card-]").CountAsync(), 5, 100);
        await open.AssertAccessibleAsync();
        await open.PhotographAsync("overview-1000");
        await page.GetByTestId("many-services").PressAsync("End");
        await Expect(page.GetByTestId("service-card-service-0999")).ToBeVisibleAsync();
        await page.GetByTestId("filter-service").FillAsync("service-099");
        await Expect(page.GetByTestId("service-count")).ToHaveTextAsync("10 of 1,000 services");
        Assert.Contains("service=service-099", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sentence_of_state_is_read_while_the_application_is_still_being_loaded()
    {
        await using var mesh = await FakeMesh.StartAsync();
        mesh.AnswerQuietly(new { billing = QuietMesh.Service("up"), crm = QuietMesh.Service("down") }, "degraded");
        await using var gateway = await Gateway.StartAsync(mesh);
        await using var open = await OpenPage.AtAsync(gateway.Address);
        var page = await open.GoAsync("/", "operator");
        await Expect(page.GetByTestId("service-card-crm")).ToBeVisibleAsync();

        var loaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync("**/assets/index-*.js", async route =>
        {
            await loaded.Task;
            await route.ContinueAsync();
        });
        await page.ReloadAsync(new() { WaitUntil = WaitUntilState.Commit });
        var sentence = page.GetByTestId("state-sentence");
        await Expect(sentence).ToContainTextAsync("1 of 2 services down since");
        await Expect(page.GetByRole(AriaRole.Main)).ToHaveCountAsync(0);

        loaded.SetResult();
        await Expect(page.GetByTestId("service-card-crm")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("1 of 2 services down since");
        await Expect(sentence).ToHaveCountAsync(1);
    }
}
