using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.Tests.Postgres;

namespace AetherLink.Tests.CommandCenter.Deliveries;

public sealed class ReplayTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private static readonly TimeSpan Soon = DeliveringCommandCenter.Soon;
    private DeliveringCommandCenter _center = null!;

    public async Task InitializeAsync() => _center = await DeliveringCommandCenter.StartAsync(database);

    public Task DisposeAsync() => _center.DisposeAsync().AsTask();

    [Fact]
    public async Task Replay_sends_the_originals_payload_under_its_id_and_names_its_lineage()
    {
        var (_, secret) = await _center.AddWebhookAsync();
        var original = await DeadAsync("dead");
        _center.Receiver.Answer = null;

        using var answer = await ReplayAsync(original);
        var replayed = await answer.JsonAsync();
        var fresh = await _center.DeliveryAsync("dead", one => (string?)one["id"] == (string?)replayed["new_id"] && (string?)one["status"] == "success");

        Assert.Equal(("replayed", (string?)original["id"]), ((string?)replayed["status"], (string?)replayed["original_id"]));
        Assert.Equal((string?)original["id"], (string?)fresh["original_id"]);
        var (first, last) = (_center.Receiver.Received[0], _center.Receiver.Received[^1]);
        Assert.Equal((first.Id, Convert.ToHexString(first.Body)), (last.Id, Convert.ToHexString(last.Body)));
        Assert.True(last.IsSignedWith(secret));
        Assert.Equal([(string?)replayed["new_id"]], (await _center.DetailAsync(original))["replays"]!.AsArray().Select(id => (string?)id));
        var audited = Assert.Single((await _center.Operator.JsonAsync("/events/recent?event_type=delivery.replayed"))["events"]!.AsArray())!;
        Assert.Equal((string?)original["id"], (string?)audited["payload"]!["delivery_id"]);
        Assert.NotEmpty((string)audited["payload"]!["actor"]!);
    }

    [Fact]
    public async Task Double_click_makes_one_replay()
    {
        await _center.AddWebhookAsync();
        var original = await DeadAsync("clicked");
        _center.Receiver.Answer = null;
        var before = _center.Receiver.Count;

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ReplayAsync(original, "one-click")));
        var ids = await Task.WhenAll(answers.Select(async answer => (string?)(await answer.JsonAsync())["new_id"]));
        await _center.DeliveryAsync("clicked", one => (string?)one["id"] == ids[0] && (string?)one["status"] == "success");
        using var later = await ReplayAsync(original, "one-click");
        using var another = await ReplayAsync(original, "another-click");

        Assert.Single(ids.Distinct());
        Assert.NotNull(ids[0]);
        Assert.Equal(ids[0], (string?)(await later.JsonAsync())["new_id"]);
        Assert.NotEqual(ids[0], (string?)(await another.JsonAsync())["new_id"]);
        await Eventually.True(() => _center.Receiver.Count == before + 2, Soon);
    }

    [Fact]
    public async Task Replay_of_what_is_pending_is_a_conflict()
    {
        await _center.AddWebhookAsync();
        var hold = new TaskCompletionSource();
        _center.Receiver.Answer = (_, _) => hold.Task;
        await _center.PublishAsync("held");
        var pending = await _center.DeliveryAsync("held", one => (bool)one["in_flight"]!);

        using var conflict = await ReplayAsync(pending);
        hold.SetResult();

        Assert.Equal(HttpStatusCode.Conflict, conflict.StatusCode);
        await _center.DeliveryAsync("held", one => (string?)one["status"] == "success");
    }

    [Fact]
    public async Task Replay_of_what_waits_for_its_next_attempt_takes_over_from_it()
    {
        await _center.AddWebhookAsync();
        _center.Receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await _center.PublishAsync("waits");
        var failed = await _center.DeliveryAsync("waits", one => (string?)one["status"] == "failed");
        _center.Receiver.Answer = null;

        using var answer = await ReplayAsync(failed);
        await _center.DeliveryAsync("waits", one => (string?)one["status"] == "success");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("dead_letter", (string?)(await _center.DetailAsync(failed))["delivery"]!["status"]);
        Assert.Equal(0, (int)(await _center.Operator.JsonAsync("/alerts/deliveries/stats"))["queued"]!);
    }

    [Fact]
    public async Task Bulk_replay_counts_first_then_replays_what_matches_once_and_tells_who()
    {
        await _center.AddWebhookAsync();
        _center.Receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        await Task.WhenAll(Enumerable.Range(0, 120).Select(n => _center.PublishAsync($"bulk-{n:D3}")));
        await Eventually.True(
            async () => (int)(await _center.Operator.JsonAsync("/alerts/deliveries/history?limit=1"))["total"]! == 120, Soon, "all are there");
        await Eventually.True(
            async () => (int)(await _center.Operator.JsonAsync("/alerts/deliveries/stats"))["in_flight"]! == 0, Soon, "the endpoint cools down");
        await _center.ExecuteAsync(
            "with q as (delete from command_center.delivery_queue where tenant_id = $1) " +
            "update command_center.deliveries set status = 3, triage = 2, completed_at = now() where tenant_id = $1", _center.Tenant);
        await _center.ExecuteAsync("update command_center.webhook_endpoints set cooldown_until = null, failures = 0 where tenant_id = $1", _center.Tenant);
        _center.Receiver.Answer = null;
        var before = _center.Receiver.Count;
        var body = new { filter = new { triage = "transient_endpoint_down" }, dry_run = true };

        using var dry = await _center.Operator.PostAsJsonAsync("/alerts/deliveries/replay", body);
        using var first = await StartAsync("bulk-click");
        using var again = await StartAsync("bulk-click");
        var job = (await first.JsonAsync())["job"]!;
        JsonObject? progress = null;
        await Eventually.True(
            async () => (string?)(progress = await _center.Operator.JsonAsync($"/alerts/deliveries/replays/{job["id"]}"))["status"] == "done", Soon, "the job is done");
        await Eventually.True(() => _center.Receiver.Count == before + 120, Soon, "all are sent again");

        Assert.Equal(120, (int)(await dry.JsonAsync())["matched"]!);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Accepted), (dry.StatusCode, first.StatusCode));
        Assert.Equal((string?)job["id"], (string?)(await again.JsonAsync())["job"]!["id"]);
        Assert.Equal((120, 120, 0), ((int)progress!["total"]!, (int)progress["replayed"]!, (int)progress["skipped"]!));
        Assert.Equal(120, _center.Receiver.Received.Skip(before).Select(one => one.Id).Distinct().Count());
        Assert.Equal(120, (int)(await _center.Operator.JsonAsync("/events/stats"))["by_type"]!["delivery.replayed"]!);
        var end = Assert.Single(await FinishedAsync());
        Assert.Equal((string?)job["id"], (string?)end["job_id"]);
        Assert.Equal((string?)progress["requested_by"], (string?)end["actor"]);
        Assert.Equal((120, 120, 0), ((int)end["total"]!, (int)end["replayed"]!, (int)end["skipped"]!));

        Task<HttpResponseMessage> StartAsync(string key)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/alerts/deliveries/replay")
            {
                Content = JsonContent.Create(new { filter = new { triage = "transient_endpoint_down" } }),
            };
            request.Headers.Add("Idempotency-Key", key);
            return _center.Operator.SendAsync(request);
        }
    }

    [Fact]
    public async Task Bulk_replay_that_finds_nothing_tells_its_end_too()
    {
        using var started = await _center.Operator.PostAsJsonAsync("/alerts/deliveries/replay", new { ids = (Guid[])[Guid.NewGuid()] });
        var job = (await started.JsonAsync())["job"]!;
        await Eventually.True(async () => (await FinishedAsync()).Length == 1, Soon, "the end is told");

        var end = (await FinishedAsync()).Single();
        Assert.Equal((string?)job["id"], (string?)end["job_id"]);
        Assert.Equal((0, 0, 0), ((int)end["total"]!, (int)end["replayed"]!, (int)end["skipped"]!));
    }

    [Theory]
    [InlineData("{}", "ids")]
    [InlineData("""{"ids":[]}""", "ids")]
    [InlineData("""{"ids":["0190a8b2-0000-7000-8000-000000000000"],"filter":{}}""", "ids")]
    [InlineData("""{"filter":{"status":"lost"}}""", "status")]
    [InlineData("""{"filter":{"triage":"bad luck"}}""", "triage")]
    public async Task Wrong_bulk_replay_is_refused(string body, string field)
    {
        using var answer = await _center.Operator.PostAsync("/alerts/deliveries/replay", body, "application/json");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotNull((await answer.JsonAsync())["errors"]![field]);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("skip=-1")]
    [InlineData("skip=10001")]
    [InlineData("status=lost")]
    [InlineData("triage=lost")]
    [InlineData("start_time=yesterday")]
    [InlineData("endpoint_id=none")]
    public async Task History_out_of_range_is_400_and_names_the_field(string query)
    {
        using var answer = await _center.Operator.GetAsync($"/alerts/deliveries/history?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal([query.Split('=')[0]], (await answer.JsonAsync())["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task History_is_filtered_by_status_triage_and_time_and_paged()
    {
        await _center.AddWebhookAsync();
        _center.Receiver.Answer = (context, received) =>
        {
            context.Response.StatusCode = (string?)JsonNode.Parse(received.Body)!["data"]!["event_id"] == "b" ? 404 : 200;
            return Task.CompletedTask;
        };
        foreach (var id in (string[])["a", "b", "c"])
        {
            await _center.PublishAsync(id);
            await _center.DeliveryAsync(id, one => (string?)one["status"] is "success" or "failed");
        }

        Assert.Equal(["c", "b", "a"], await IdsAsync(""));
        Assert.Equal(["c", "a"], await IdsAsync("?status=success"));
        Assert.Equal(["b"], await IdsAsync("?status=failed"));
        Assert.Equal(["b"], await IdsAsync("?triage=permanent_4xx"));
        Assert.Equal(["b"], await IdsAsync("?skip=1&limit=1"));
        var second = (DateTimeOffset)(await _center.HistoryAsync("?status=failed"))[0]!["created_at"]!;
        var at = Uri.EscapeDataString(second.ToString("O"));
        Assert.Equal(["c", "b"], await IdsAsync($"?start_time={at}"));
        Assert.Equal(["b", "a"], await IdsAsync($"?end_time={at}"));
        var stats = await _center.Operator.JsonAsync("/alerts/deliveries/stats");
        Assert.Equal((1, 2, 1, 1), ((int)stats["queued"]!, (int)stats["delivered"]!, (int)stats["failed_attempts"]!, (int)stats["by_triage"]!["permanent_4xx"]!));
        Assert.Equal(100.0, (double)stats["success_rate"]!);

        async Task<string[]> IdsAsync(string query) => [.. (await _center.HistoryAsync(query)).Select(one => (string)one!["event_id"]!)];
    }

    /// <summary>What the ends of replays say, to who is of the tenant.</summary>
    private async Task<JsonNode[]> FinishedAsync() =>
        [.. (await _center.Operator.JsonAsync("/events/recent?event_type=ops.replay.finished"))["events"]!.AsArray().Select(one => one!["payload"]!)];

    private async Task<JsonObject> DeadAsync(string eventId)
    {
        _center.Receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await _center.PublishAsync(eventId);
        await _center.DeliveryAsync(eventId, one => (string?)one["status"] == "failed");
        await _center.ExecuteAsync("update command_center.delivery_queue set failed = 9, due_at = now() where tenant_id = $1", _center.Tenant);
        return await _center.DeliveryAsync(eventId, one => (string?)one["status"] == "dead_letter");
    }

    private Task<HttpResponseMessage> ReplayAsync(JsonObject delivery, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/alerts/deliveries/{delivery["id"]}/replay");
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }
        return _center.Operator.SendAsync(request);
    }
}
