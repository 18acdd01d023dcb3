using System.Text.RegularExpressions;
using AetherLink.Tests.CommandCenter;
using AetherLink.Tests.CommandCenter.Deliveries;
using AetherLink.Tests.Postgres;
using Microsoft.Playwright;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace AetherLink.Tests.Web;

/// <summary>The page on a real Command Center that sends to a real receiver, behind a real gateway.</summary>
public sealed partial class DeliveriesInTheBrowserTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task Operator_finds_what_was_given_up_replays_one_then_all_then_what_is_recommended_and_an_admin_tests_the_endpoint()
    {
        await using var center = await DeliveringCommandCenter.StartAsync(database);
        await center.AddWebhookAsync();
        await GiveUpAsync(center, 400, "one", "two", "three");
        await using var gateway = await Gateway.StartAsync(center.Service.Address.AbsoluteUri);
        await using var open = await OpenPage.AtAsync(gateway.Address);
        var page = await open.GoAsync("/deliveries?status=dead_letter", "operator");
        var rows = page.GetByTestId("delivery-row");
        await Expect(rows).ToHaveCountAsync(3);
        await Expect(page.GetByTestId("figure-given-up")).ToContainTextAsync("3");
        await Expect(rows.First).ToContainTextAsync("refused for good");
        await open.AssertAccessibleAsync();
        await open.PhotographAsync("deliveries");
        await rows.First.GetByRole(AriaRole.Checkbox).CheckAsync();
        await Expect(page.GetByTestId("replay-ticked")).ToHaveTextAsync("Replay 1");
        await page.WaitForURLAsync(url => url.Contains("ticked=", StringComparison.Ordinal));
        await rows.First.GetByRole(AriaRole.Checkbox).UncheckAsync();

        await rows.First.GetByRole(AriaRole.Button, new() { Name = "lead.created" }).ClickAsync();
        await Expect(page.GetByTestId("attempt-row").First).ToContainTextAsync("HTTP 400");
        Assert.Contains("delivery=", page.Url, StringComparison.Ordinal);
        await open.AssertAccessibleAsync();
        await open.PhotographAsync("deliveries-detail");
        center.Receiver.Answer = null;
        await page.GetByTestId("replay-one").ClickAsync();
        await Expect(page.GetByTestId("delivery-detail")).ToContainTextAsync("Replay of");
        await Expect(page.GetByTestId("delivery-detail")).ToContainTextAsync("delivered");
        await page.Keyboard.PressAsync("Escape");

        var before = center.Receiver.Count;
        await page.GetByTestId("replay-all").ClickAsync();
        await Expect(page.GetByTestId("replay-count")).ToContainTextAsync("3 deliveries will be sent again");
        Assert.Equal(before, center.Receiver.Count);
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByTestId("replay-progress")).ToContainTextAsync("3 of 3 sent again");
        await Expect(page.GetByTestId("replay-progress")).ToHaveAttributeAsync("data-status", "done");
        Assert.Contains("job=", page.Url, StringComparison.Ordinal);
        await Eventually.True(() => center.Receiver.Count == before + 3, Gateway.Soon);
        await page.GetByTestId("filter-clear").ClickAsync();
        await Expect(rows).ToHaveCountAsync(7);
        await page.GetByTestId("view-endpoints").ClickAsync();
        await Expect(page.GetByText("No endpoint is cooling down")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("test-send")).ToHaveCountAsync(0);

        var admins = await open.GoElsewhereAsync("/deliveries?view=endpoints", "admin");
        await admins.GetByTestId("test-send").ClickAsync();
        await Expect(admins.GetByTestId("test-result")).ToContainTextAsync("The test was taken");
        await admins.GetByTestId("endpoint-new").ClickAsync();
        await admins.GetByTestId("endpoint-url").FillAsync("nowhere");
        await admins.GetByTestId("endpoint-save").ClickAsync();
        await Expect(admins.GetByTestId("endpoint-form")).ToContainTextAsync("must be an absolute http or https URL");
        await admins.GetByTestId("endpoint-url").FillAsync(center.Receiver.At("/other").ToString());
        await admins.GetByTestId("endpoint-save").ClickAsync();
        await Expect(admins.GetByTestId("endpoint-secret")).ToContainTextAsync("whsec_");
        await admins.GetByTestId("secret-kept").ClickAsync();
        await Expect(admins.GetByTestId("endpoint-row")).ToHaveCountAsync(2);
        await Expect((await open.GoElsewhereAsync("/deliveries", "agent")).GetByTestId("forbidden")).ToBeVisibleAsync();
        await ReplayWhatIsSafeAsync(center, open, page);
        await ReplayManyAsync(center, page);
    }

    /// <summary>What an endpoint that was away did not take is safe to send again once it has taken something else.</summary>
    private static async Task ReplayWhatIsSafeAsync(DeliveringCommandCenter center, OpenPage open, IPage page)
    {
        await page.GotoAsync("/insights?view=replays");
        await Expect(page.GetByText("Nothing is to be sent again")).ToBeVisibleAsync();
        await GiveUpAsync(center, 503, "four");
        center.Receiver.Answer = null;
        await center.PublishAsync("five");
        await center.DeliveryAsync("five", one => (string?)one["status"] == "success");

        var rows = page.GetByTestId("recommendation-row");
        await Expect(rows).ToHaveCountAsync(1);
        await Expect(rows).ToContainTextAsync("endpoint down, HTTP 503");
        await Expect(rows).ToContainTextAsync("It has taken deliveries since, and failed at none.");
        await Expect(rows).ToContainTextAsync("safe to send again");
        await open.AssertAccessibleAsync();
        await open.PhotographAsync("insights-replays");
        await page.GetByTestId("replay-recommended").ClickAsync();
        await Expect(page.GetByTestId("replay-count")).ToContainTextAsync("1 delivery will be sent again");
        await page.GetByTestId("confirm").ClickAsync();
        await page.WaitForURLAsync(url => url.Contains("/deliveries?job=", StringComparison.Ordinal));
        await Expect(page.GetByTestId("replay-progress")).ToContainTextAsync("1 of 1 sent again");
    }

    /// <summary>More than a job sends in one step. It is held at the newest of them, until the bar has been seen on its way.</summary>
    private static async Task ReplayManyAsync(DeliveringCommandCenter center, IPage page)
    {
        const int many = 120;
        var before = center.Receiver.Count;
        await Task.WhenAll(Enumerable.Range(0, many).Select(number => center.PublishAsync($"many-{number:D3}")));
        await Eventually.True(
            async () => center.Receiver.Count >= before + many && (int)(await center.Operator.JsonAsync("/alerts/deliveries/stats"))["queued"]! == 0,
            DeliveringCommandCenter.Soon, "all have been delivered");
        await using var connection = await center.Source.OpenConnectionAsync();
        await using var held = await connection.BeginTransactionAsync();
        await using var newest = new NpgsqlCommand("select 1 from command_center.deliveries where tenant_id = $1 order by id desc limit 1 for update", connection);
        newest.Parameters.Add(new() { Value = center.Tenant });
        await newest.ExecuteNonQueryAsync();

        await page.GotoAsync("/deliveries?status=success");
        await page.GetByTestId("replay-all").ClickAsync();
        await page.GetByTestId("confirm").ClickAsync();
        var progress = page.GetByTestId("replay-progress");
        await Expect(progress).ToContainTextAsync(OnItsWay());
        await Expect(progress).ToHaveAttributeAsync("data-status", "running");

        await held.RollbackAsync();
        await Expect(progress).ToHaveAttributeAsync("data-status", "done");
    }

    [GeneratedRegex("[1-9]00 of .* sent again so far")]
    private static partial Regex OnItsWay();

    /// <summary>They are refused, and the day that their attempts take is over at once; their endpoint is as if it had rested.</summary>
    private static async Task GiveUpAsync(DeliveringCommandCenter center, int status, params string[] events)
    {
        center.Receiver.Answer = (context, _) => Task.FromResult(context.Response.StatusCode = status);
        foreach (var id in events)
            await center.PublishAsync(id);
        foreach (var id in events)
            await center.DeliveryAsync(id, one => (string?)one["status"] == "failed");
        const string rest = "update command_center.webhook_endpoints set cooldown_until = null, cooldown_reason = null, failures = 0, failing_since = null where tenant_id = $1";
        await center.ExecuteAsync(rest, center.Tenant);
        await center.ExecuteAsync("update command_center.delivery_queue set failed = 9, due_at = now() where tenant_id = $1", center.Tenant);
        foreach (var id in events)
            await center.DeliveryAsync(id, one => (string?)one["status"] == "dead_letter");
        await center.ExecuteAsync(rest, center.Tenant);
    }
}
