using System.Net;
using System.Text;
using AetherLink.CommandCenter.Events.Publishing;
using AetherLink.Tests.Postgres;
using Microsoft.Extensions.DependencyInjection;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter;

public sealed class PublishingTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private RunningCommandCenter _service = null!;

    public async Task InitializeAsync() => _service = await RunningCommandCenter.StartAsync(database.ConnectionString);

    public Task DisposeAsync() => _service.DisposeAsync().AsTask();

    [Fact]
    public async Task Event_is_there_as_soon_as_it_is_acknowledged()
    {
        using var client = _service.Client(tenant: NewTenant());

        using var answer = await client.PublishAsync("one");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True((bool)(await answer.JsonAsync())["stored"]!);
        Assert.Equal(["one"], await client.IdsAsync());
    }

    [Fact]
    public async Task Same_id_is_a_duplicate_within_its_tenant_only_and_also_with_another_body()
    {
        using var client = _service.Client(tenant: NewTenant());
        using var elsewhere = _service.Client(tenant: NewTenant());

        using var first = await client.PublishAsync("same");
        using var again = await client.PublishAsync("same");
        using var other = await client.PublishAsync("same", payload: new { lead_id = "another" });
        using var foreign = await elsewhere.PublishAsync("same");

        Assert.False((bool)(await first.JsonAsync())["duplicate"]!);
        Assert.True((bool)(await again.JsonAsync())["duplicate"]!);
        Assert.True((bool)(await other.JsonAsync())["duplicate"]!);
        Assert.Equal((string?)(await first.JsonAsync())["received_at"], (string?)(await again.JsonAsync())["received_at"]);
        Assert.False((bool)(await foreign.JsonAsync())["duplicate"]!);
        Assert.Equal(["same"], await client.IdsAsync());
    }

    [Fact]
    public async Task Many_at_once_of_few_ids_are_stored_once_each()
    {
        using var client = _service.Client(tenant: NewTenant());

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(n => client.PublishAsync($"e{n % 20}")));
        var duplicates = await Task.WhenAll(answers.Select(async answer => (bool)(await answer.JsonAsync())["duplicate"]!));

        Assert.Equal(180, duplicates.Count(duplicate => duplicate));
        Assert.Equal(20, (await client.IdsAsync("?limit=500")).Length);
    }

    [Theory]
    [InlineData("text/xml", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/x-ndjson", HttpStatusCode.UnsupportedMediaType)]
    public async Task Wrong_content_type_is_415(string contentType, HttpStatusCode status)
    {
        using var client = _service.Client();

        using var answer = await client.PostAsync("/events/publish", "{}", contentType);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_over_its_limit_is_413_with_or_without_its_length(bool withLength)
    {
        using var client = _service.Client();
        using var content = new ByteArrayContent(new byte[65_537]) { Headers = { ContentType = new("application/json") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events/publish") { Content = content };
        request.Headers.TransferEncodingChunked = !withLength;

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Empty(_service.Logs.Errors);
    }

    [Fact]
    public async Task Tenant_of_another_is_403_and_nothing_is_stored()
    {
        var (mine, theirs) = (NewTenant(), NewTenant());
        using var client = _service.Client(tenant: mine);
        using var admin = _service.Client("admin");

        using var answer = await client.PostAsync("/events/publish",
            $$"""{"event_type":"lead.created","source":"s","payload":{},"tenant_id":"{{theirs}}"}""", "application/json");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(await admin.IdsAsync($"?tenant_id={theirs}"));
    }

    [Theory]
    [InlineData("viewer", HttpStatusCode.Forbidden)]
    [InlineData("agent", HttpStatusCode.OK)]
    [InlineData("admin", HttpStatusCode.OK)]
    public async Task Publishing_takes_a_role(string role, HttpStatusCode status)
    {
        using var client = _service.Client(role, NewTenant());

        using var answer = await client.PublishAsync("x");

        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task CloudEvent_is_stored_once_by_its_source_and_id()
    {
        using var client = _service.Client(tenant: NewTenant());
        string Event(string source) => $$$"""{"specversion":"1.0","type":"lead.created","source":"{{{source}}}","id":"7","data":{"a":1}}""";

        foreach (var source in (string[])["/a", "/b", "/a"])
        {
            using var answer = await client.PostAsync("/events/publish", Event(source), "application/cloudevents+json");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(["7", "7"], await client.IdsAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Batch_answers_for_each_event_in_order(bool asLines)
    {
        using var client = _service.Client(tenant: NewTenant());
        string[] events =
        [
            """{"event_type":"lead.created","source":"s","payload":{},"event_id":"a"}""",
            """{"event_type":"nope","source":"s","payload":{},"event_id":"b"}""",
            """{"event_type":"lead.created","source":"s","payload":{},"event_id":"a"}""",
            """{"event_type":"lead.created","source":"s","payload":{"x":1e200000},"event_id":"c"}""",
            """{"event_type":"lead.created","source":"s","payload":{},"event_id":"d"}""",
        ];
        // An empty line before the last.
        var body = asLines ? string.Join('\n', events[..4]) + "\r\n\n" + events[4] + "\n\n" : $"[{string.Join(',', events)}]";

        using var response = await client.PostAsync("/events/publish/batch", body, asLines ? "application/x-ndjson" : "application/json");
        var answer = await response.JsonAsync();

        Assert.Equal("partial", (string?)answer["status"]);
        Assert.Equal(
            ["a stored", "b rejected", "a duplicate", "c rejected", "d stored"],
            answer["results"]!.AsArray().Select(result => $"{result!["event_id"]} {result["status"]}"));
        Assert.Equal(asLines ? [1, 2, 3, 4, 6] : new int?[5], answer["results"]!.AsArray().Select(result => (int?)result!["line"]));
        Assert.Equal((2, 1, 2), ((int)answer["stored"]!, (int)answer["duplicates"]!, (int)answer["rejected"]!));
        Assert.Equal(["d", "a"], await client.IdsAsync());
    }

    [Theory]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("{}", HttpStatusCode.BadRequest)]
    [InlineData("[{]", HttpStatusCode.BadRequest)]
    [InlineData("", HttpStatusCode.BadRequest)]
    public async Task Batch_that_is_none_is_400(string body, HttpStatusCode status)
    {
        using var client = _service.Client();

        using var answer = await client.PostAsync("/events/publish/batch", body, "application/json");

        Assert.Equal(status, answer.StatusCode);
        Assert.Empty(_service.Logs.Errors);
    }

    [Fact]
    public async Task Batch_is_bounded_in_events_and_bytes()
    {
        using var client = _service.Client();
        const string one = """{"event_type":"lead.created","source":"s","payload":{}}""";

        using var many = await client.PostAsync("/events/publish/batch", string.Join('\n', Enumerable.Repeat(one, 1_001)), "application/x-ndjson");
        using var large = await client.PostAsync("/events/publish/batch", new ByteArrayContent(new byte[8 * 1024 * 1024 + 1])
        {
            Headers = { ContentType = new("application/json") },
        });

        Assert.Equal(HttpStatusCode.BadRequest, many.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    [Fact]
    public async Task CloudEvents_come_in_batches_too()
    {
        using var client = _service.Client(tenant: NewTenant());

        using var response = await client.PostAsync("/events/publish/batch",
            """
            [{"specversion":"1.0","type":"lead.created","source":"/a","id":"1","data":{"name":"Jane"}},
             {"specversion":"1.0","type":"lead.created","source":"/a","id":"2","data":[1]},
             {"specversion":"1.0","type":"lead.created","source":"/b","id":"1","subject":"s"},
             {"specversion":"1.0","type":"lead.created","source":"/a","id":"1"}]
            """, "application/cloudevents-batch+json");
        var answer = await response.JsonAsync();

        Assert.Equal(["stored", "rejected", "stored", "duplicate"], answer["results"]!.AsArray().Select(result => (string?)result!["status"]));
        Assert.Equal("must be an object", (string?)answer["results"]![1]!["errors"]!["data"]![0]);
        Assert.Equal("s", (string?)(await client.JsonAsync("/events/recent?limit=1"))["events"]![0]!["payload"]!["cloudevents"]!["subject"]);
    }

    [Theory]
    [InlineData(60, "stored", HttpStatusCode.OK)]
    [InlineData(70, "rejected", HttpStatusCode.BadRequest)]
    [InlineData(20_000, "rejected", HttpStatusCode.BadRequest)]
    public async Task Event_may_be_nested_as_deeply_in_a_batch_as_alone(int depth, string status, HttpStatusCode alone)
    {
        using var client = _service.Client(tenant: NewTenant());
        var deep = $$$"""{"event_type":"lead.created","source":"s","payload":{"a":{{{new string('[', depth)}}}{{{new string(']', depth)}}}}}""";

        using var single = await client.PostAsync("/events/publish", deep, "application/json");
        using var batch = await client.PostAsync("/events/publish/batch", $"[{deep}]", "application/json");

        Assert.Equal(alone, single.StatusCode);
        Assert.Equal(status, (string?)(await batch.JsonAsync())["results"]![0]!["status"]);
    }

    [Fact]
    public async Task Body_that_would_be_too_much_at_once_is_503_and_is_taken_when_others_have_been_read()
    {
        using var client = _service.Client(tenant: NewTenant());
        var room = _service.Services.GetRequiredService<ReadingRoom>();
        Assert.True(room.TryTake(ReadingRoom.MostBytes));

        using var refused = await client.PublishAsync("x");
        room.GiveBack(ReadingRoom.MostBytes);
        using var taken = await client.PublishAsync("x");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Equal(0, room.Taken);
    }

    [Fact]
    public async Task Batch_of_a_thousand_is_stored_whole()
    {
        using var client = _service.Client(tenant: NewTenant());
        var body = new StringBuilder();
        for (var n = 0; n < 1_000; n++)
        {
            body.Append("{\"event_type\":\"lead.created\",\"source\":\"s\",\"payload\":{\"text\":\"").Append('x', 7_000).Append("\"}}\n");
        }

        using var answer = await client.PostAsync("/events/publish/batch", body.ToString(), "application/x-ndjson");

        Assert.Equal(1_000, (int)(await answer.JsonAsync())["stored"]!);
        Assert.Equal(1_000, (long)(await client.JsonAsync("/events/stats"))["total"]!);
    }
}
