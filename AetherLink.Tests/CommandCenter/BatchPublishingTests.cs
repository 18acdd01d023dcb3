using System.Net;
using System.Text;
using AetherLink.Tests.Postgres;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter;

public sealed class BatchPublishingTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private RunningCommandCenter _service = null!;

    public async Task InitializeAsync() => _service = await RunningCommandCenter.StartAsync(database.ConnectionString);

    public Task DisposeAsync() => _service.DisposeAsync().AsTask();

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

    [Fact]
    public async Task Large_batches_at_once_that_overlap_store_each_event_once_and_answer_for_every_one()
    {
        const int batches = 12;
        const int events = 500;
        using var client = _service.Client(tenant: NewTenant());

        var answers = await Task.WhenAll(Enumerable.Range(0, batches).Select(async batch =>
        {
            var lines = Enumerable.Range(batch * events / 2, events)
                .Select(id => $$"""{"event_type":"lead.created","source":"s","payload":{},"event_id":"e{{id}}"}""");
            using var response = await client.PostAsync("/events/publish/batch", string.Join('\n', lines), "application/x-ndjson");
            return await response.JsonAsync();
        }));

        const int distinct = (batches + 1) * events / 2;
        Assert.Equal((distinct, batches * events - distinct), (answers.Sum(one => (int)one["stored"]!), answers.Sum(one => (int)one["duplicates"]!)));
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
