using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Deliveries.Addresses;
using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Signing;
using AetherLink.Tests.Postgres;
using Microsoft.AspNetCore.Http;

namespace AetherLink.Tests.CommandCenter.Deliveries;

public sealed class WebhooksApiTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private const string Path = "/alerts/webhooks";
    private DeliveringCommandCenter _center = null!;

    public async Task InitializeAsync() => _center = await DeliveringCommandCenter.StartAsync(database);

    public Task DisposeAsync() => _center.DisposeAsync().AsTask();

    [Fact]
    public async Task Secret_is_shown_once_and_the_url_never()
    {
        using var made = await _center.Admin.PostAsJsonAsync(Path, new { url = "https://hooks.slack.com/services/T0/B0/very-secret?token=also-secret" });
        var answer = await made.JsonAsync();
        var id = (string)answer["webhook"]!["id"]!;
        var shown = (await _center.Admin.JsonAsync($"{Path}/{id}")).ToJsonString() + (await _center.Admin.JsonAsync(Path)).ToJsonString();

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.StartsWith("whsec_", (string?)answer["secret"], StringComparison.Ordinal);
        Assert.Equal(("https://hooks.slack.com/***", "slack"), ((string?)answer["webhook"]!["url"], (string?)answer["webhook"]!["kind"]));
        Assert.Equal(["ops.alert.*"], answer["webhook"]!["event_types"]!.AsArray().Select(type => (string?)type));
        Assert.DoesNotContain("whsec_", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("secret\"", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Neither_logs_nor_metrics_nor_errors_have_a_url_or_a_secret()
    {
        var (id, secret) = await _center.AddWebhookAsync("/path-that-is-secret?token=a-secret-too");
        _center.Receiver.Answer = (context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        await _center.PublishAsync("fails");
        var failed = await _center.DeliveryAsync("fails", one => (string?)one["status"] == "failed");
        using var tested = await _center.Admin.PostAsync($"{Path}/{id}/test", null);

        using var anybody = new HttpClient();
        var said = string.Join('\n', _center.Service.Logs.Lines) + await anybody.GetStringAsync(new Uri(_center.Service.Address, "/metrics"))
            + (await _center.DetailAsync(failed)).ToJsonString() + await tested.Content.ReadAsStringAsync();

        Assert.DoesNotContain("path-that-is-secret", said, StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret-too", said, StringComparison.Ordinal);
        Assert.DoesNotContain(secret.Reveal(), said, StringComparison.Ordinal);
        Assert.Contains("command_center_delivery_attempts", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_wrong_field_is_named_at_once()
    {
        using var answer = await _center.Admin.PostAsJsonAsync(Path, new
        {
            url = "ftp://x/",
            kind = "pigeon",
            event_types = Array.Empty<string>(),
            severity = "loud",
            secret = "short",
            tenant_id = "",
        });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(
            ["event_types", "kind", "secret", "severity", "tenant_id", "url"],
            (await answer.JsonAsync())["errors"]!.AsObject().Select(error => error.Key).Order());
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://[fd00::1]/")]
    [InlineData("http://user:password@example.com/")]
    public async Task Url_that_nothing_would_be_sent_to_is_refused(string url)
    {
        using var answer = await _center.Admin.PostAsJsonAsync(Path, new { url });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotNull((await answer.JsonAsync())["errors"]!["url"]);
    }

    [Fact]
    public async Task Change_keeps_what_it_leaves_out_and_removal_ends_the_endpoint_and_not_its_history()
    {
        var (id, _) = await _center.AddWebhookAsync();
        await _center.PublishAsync("before");
        await _center.DeliveryAsync("before", one => (string?)one["status"] == "success");

        using var changed = await _center.Admin.PutAsJsonAsync($"{Path}/{id}", new { severity = "error" });
        var webhook = (await changed.JsonAsync())["webhook"]!;
        Assert.Equal(("error", "standard"), ((string?)webhook["severity"], (string?)webhook["kind"]));
        Assert.Equal(["lead.*"], webhook["event_types"]!.AsArray().Select(type => (string?)type));

        using var removed = await _center.Admin.DeleteAsync($"{Path}/{id}");
        using var again = await _center.Admin.DeleteAsync($"{Path}/{id}");
        using var gone = await _center.Admin.GetAsync($"{Path}/{id}");
        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.NotFound], [removed.StatusCode, again.StatusCode, gone.StatusCode]);
        Assert.Single(await _center.HistoryAsync());
    }

    [Fact]
    public async Task Test_says_what_came_of_it()
    {
        var (id, secret) = await _center.AddWebhookAsync();
        using var fine = await _center.Admin.PostAsync($"{Path}/{id}/test", null);
        _center.Receiver.Answer = async (context, _) =>
        {
            context.Response.StatusCode = 403;
            await context.Response.WriteAsync("no entry");
        };
        using var refused = await _center.Admin.PostAsync($"{Path}/{id}/test", null);

        Assert.Equal("delivered", (string?)(await fine.JsonAsync())["status"]);
        Assert.True(_center.Receiver.Received[0].IsSignedWith(secret));
        Assert.Equal("webhook.test", (string?)JsonNode.Parse(_center.Receiver.Received[0].Body)!["type"]);
        var attempt = (await refused.JsonAsync())["attempt"]!;
        Assert.Equal((403, "permanent_4xx", "no entry"), ((int)attempt["http_status"]!, (string?)attempt["triage"], (string?)attempt["response_head"]));
        Assert.Empty(await _center.HistoryAsync());
    }

    [Fact]
    public async Task Both_secrets_sign_for_a_day_after_a_rotation()
    {
        var (id, old) = await _center.AddWebhookAsync();

        using var rotated = await _center.Admin.PostAsync($"{Path}/{id}/rotate-secret", null);
        var answer = await rotated.JsonAsync();
        Assert.True(SigningSecret.TryParse((string?)answer["secret"], out var fresh));
        Assert.InRange(((DateTimeOffset)answer["previous_valid_until"]! - DateTimeOffset.UtcNow).TotalHours, 23.9, 24);
        await _center.PublishAsync("both");
        await _center.DeliveryAsync("both", one => (string?)one["status"] == "success");
        await _center.ExecuteAsync("update command_center.webhook_endpoints set previous_until = now() where id = $1", id);
        await _center.PublishAsync("one");
        await _center.DeliveryAsync("one", one => (string?)one["status"] == "success");

        var received = _center.Receiver.Received;
        Assert.Equal((true, true), (received[0].IsSignedWith(old), received[0].IsSignedWith(fresh)));
        Assert.Equal((false, true), (received[1].IsSignedWith(old), received[1].IsSignedWith(fresh)));
    }

    [Fact]
    public async Task Tenant_sees_and_changes_its_own_endpoints_and_deliveries_alone()
    {
        var (id, _) = await _center.AddWebhookAsync();
        await _center.PublishAsync("mine");
        var delivery = await _center.DeliveryAsync("mine", one => (string?)one["status"] == "success");
        using var other = _center.Service.Client("admin", "another");
        using var all = _center.Service.Client("admin");

        Assert.Empty((await other.JsonAsync(Path))["webhooks"]!.AsArray());
        Assert.Empty((await other.JsonAsync("/alerts/deliveries/history"))["items"]!.AsArray());
        Assert.Equal(0, (int)(await other.JsonAsync("/alerts/deliveries/stats"))["delivered"]!);
        (HttpMethod Method, string Path, object? Body, HttpStatusCode Expected)[] requests =
        [
            (HttpMethod.Get, $"{Path}/{id}", null, HttpStatusCode.NotFound),
            (HttpMethod.Put, $"{Path}/{id}", new { enabled = false }, HttpStatusCode.NotFound),
            (HttpMethod.Delete, $"{Path}/{id}", null, HttpStatusCode.NotFound),
            (HttpMethod.Post, $"{Path}/{id}/test", null, HttpStatusCode.NotFound),
            (HttpMethod.Post, $"{Path}/{id}/rotate-secret", null, HttpStatusCode.NotFound),
            (HttpMethod.Post, Path, new { url = "https://example.com/", tenant_id = _center.Tenant }, HttpStatusCode.Forbidden),
            (HttpMethod.Get, $"/alerts/deliveries/{delivery["id"]}", null, HttpStatusCode.NotFound),
            (HttpMethod.Post, $"/alerts/deliveries/{delivery["id"]}/replay", null, HttpStatusCode.NotFound),
            (HttpMethod.Get, $"/alerts/deliveries/history?tenant_id={_center.Tenant}", null, HttpStatusCode.Forbidden),
            (HttpMethod.Get, $"/alerts/deliveries/stats?tenant_id={_center.Tenant}", null, HttpStatusCode.Forbidden),
            (HttpMethod.Post, "/alerts/deliveries/replay", new { filter = new { tenant_id = _center.Tenant } }, HttpStatusCode.Forbidden),
        ];
        foreach (var (method, path, body, expected) in requests)
        {
            using var answer = await other.SendAsync(new(method, path) { Content = body is null ? null : JsonContent.Create(body) });
            Assert.True(expected == answer.StatusCode, $"{method} {path}: {answer.StatusCode}");
        }
        Assert.Contains((await all.JsonAsync(Path + "?limit=500"))["webhooks"]!.AsArray(), one => (string?)one!["id"] == id.ToString());
        Assert.Single((await all.JsonAsync($"/alerts/deliveries/history?tenant_id={_center.Tenant}"))["items"]!.AsArray());
    }

    [Fact]
    public async Task Endpoints_of_the_configuration_are_there_after_the_start_once()
    {
        var url = _center.Receiver.At("/configured").ToString();
        var settings = new Dictionary<string, string?> { ["ALERT_WEBHOOKS"] = $"[\"{url}\"]" };
        await using (var first = await DeliveringCommandCenter.StartServiceAsync(database.ConnectionString, settings))
        {
            using var admin = first.Client("admin");
            await Eventually.True(async () => await ConfiguredAsync(admin) == 1, DeliveringCommandCenter.Soon);
        }
        await using var second = await DeliveringCommandCenter.StartServiceAsync(database.ConnectionString, new() { ["ALERT_WEBHOOKS"] = $"{url}, {url}" });
        using var again = second.Client("admin");
        await DeliveringCommandCenter.TellAsync(second, "for-the-configured", "ops.alert.raised", "default", new { alert_id = "a", rule_id = "r" });
        await Eventually.True(() => _center.Receiver.Received.Any(one => one.Path == "/configured"), DeliveringCommandCenter.Soon);
        Assert.Equal(1, await ConfiguredAsync(again));
    }

    [Theory]
    [InlineData("[1]", "JSON array")]
    [InlineData("[", "JSON array")]
    [InlineData("https://example.com/, no-url-but-secret", "entry 2")]
    [InlineData("http://10.0.0.1/secret", "entry 1")]
    public void Wrong_configuration_stops_the_start_and_does_not_print_what_it_has(string text, string named)
    {
        var failure = Assert.Throws<InvalidOperationException>(() => AlertWebhooks.Read(text, new AddressCheck([])));

        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<int> ConfiguredAsync(HttpClient admin) =>
        (await admin.JsonAsync(Path + "?limit=500"))["webhooks"]!.AsArray().Count(one => (bool)one!["configured"]!);
}
