using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AetherLink.Tests.Web;

/// <summary>What holds of every page, in a real browser.</summary>
public sealed class PagesInTheBrowserTests : IAsyncLifetime
{
    private FakeMesh _mesh = null!;
    private Gateway _gateway = null!;
    private OpenPage _open = null!;

    private IPage Page => _open.Page;

    public async Task InitializeAsync()
    {
        _mesh = await FakeMesh.StartAsync();
        _mesh.AnswerQuietly(new { billing = QuietMesh.Service("up") });
        _gateway = await Gateway.StartAsync(_mesh);
        _open = await OpenPage.AtAsync(_gateway.Address);
    }

    public async Task DisposeAsync()
    {
        await _open.DisposeAsync();
        await _gateway.DisposeAsync();
        await _mesh.DisposeAsync();
    }

    [Fact]
    public async Task Operator_signs_in_goes_about_reads_an_event_types_a_filter_and_signs_out_by_keys_alone()
    {
        await Page.GotoAsync("/");
        await PressAsync("Enter", Page.GetByTestId("sign-in-operator"));
        await Expect(Page.GetByTestId("state-sentence")).ToContainTextAsync("The one service is up");
        await Expect(Page.GetByTestId("timeline-slider")).ToBeVisibleAsync();
        await PressAsync("Enter", Page.GetByText("Skip to the content"));
        await Expect(Page.GetByRole(AriaRole.Main)).ToBeFocusedAsync();
        await PressAsync("Enter", Page.GetByRole(AriaRole.Link, new() { Name = "Events", Exact = true }), "Shift+Tab");

        await Expect(Page.GetByText("No events yet")).ToBeVisibleAsync();
        await Expect(Page.GetByTestId("connection-state")).ToContainTextAsync("Live");
        _mesh.Publish("acme");
        var row = Page.GetByTestId("event-row").GetByRole(AriaRole.Button);
        await PressAsync("Enter", row);
        await Expect(Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("0af7651916cd43dd8448eb211c80319c");
        await Page.Keyboard.PressAsync("Escape");
        await Expect(row).ToBeFocusedAsync();

        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        // Quicker than the address: where a person has gone on to, the closing leaves them.
        await Page.EvaluateAsync("""
            () => {
              document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
              document.querySelector('[data-testid=filter-text]').focus();
            }
            """);
        await Expect(Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Page.Keyboard.TypeAsync("jensen");
        await Page.WaitForURLAsync(url => url.Contains("text=jensen", StringComparison.Ordinal));
        await Expect(Page.GetByTestId("filter-text")).ToHaveValueAsync("jensen");

        await PressAsync("Enter", Page.GetByTestId("user-menu"), "Shift+Tab");
        await Expect(Page.GetByRole(AriaRole.Menu)).ToBeVisibleAsync();
        await PressAsync("Enter", Page.GetByTestId("sign-out"), "ArrowDown");
        await Expect(Page.GetByTestId("sign-in-operator")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Page_whose_service_is_away_says_that_what_it_shows_is_old_and_recovers()
    {
        _mesh.Answers["/providers/health"] = new { local = QuietMesh.Provider("closed", null) };
        _mesh.Answers["/ops/ai/usage"] = new
        {
            status = "ok",
            hours = 24,
            by_intent = new { },
            by_provider = new { },
            by_hour = Array.Empty<object>(),
            series = Array.Empty<object>(),
            total = new { calls = 0, succeeded = 0, fallbacks = 0, latency_ms = new { }, input_tokens = 0, output_tokens = 0, cost_usd = 0 },
        };
        _mesh.Answers["/ops/ai/calls"] = new { status = "ok", count = 0, next_cursor = (string?)null, calls = Array.Empty<object>() };
        await _open.GoAsync("/ai", "operator");
        await Expect(Page.GetByTestId("provider-local")).ToBeVisibleAsync();

        // With a status that is not asked for again by itself.
        _mesh.Statuses["/providers/health"] = 429;
        await Page.EvaluateAsync("() => window.dispatchEvent(new Event('visibilitychange'))");
        await Expect(Page.GetByTestId("stale")).ToContainTextAsync("Not up to date");
        await Expect(Page.GetByTestId("provider-local")).ToBeVisibleAsync();

        _mesh.Statuses.Clear();
        await Page.GetByTestId("stale").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(Page.GetByTestId("stale")).ToHaveCountAsync(0);
        await Expect(Page.GetByTestId("provider-local")).ToBeVisibleAsync();
    }

    /// <summary>Goes by keys to something, and presses one there.</summary>
    private async Task PressAsync(string key, ILocator there, string way = "Tab")
    {
        const int farther = 80;
        await there.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        for (var steps = 0; steps < farther; steps++)
        {
            if (await there.EvaluateAsync<bool>("element => element === document.activeElement"))
            {
                await Page.Keyboard.PressAsync(key);
                return;
            }
            await Page.Keyboard.PressAsync(way);
        }
        Assert.Fail($"{there} is not reached by {farther} times {way}.");
    }
}
