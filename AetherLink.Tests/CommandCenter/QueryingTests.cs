using System.Net;
using AetherLink.Tests.Postgres;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter;

public sealed class QueryingTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private RunningCommandCenter _service = null!;

    public async Task InitializeAsync() => _service = await RunningCommandCenter.StartAsync(database.ConnectionString);

    public Task DisposeAsync() => _service.DisposeAsync().AsTask();

    [Fact]
    public async Task Pages_together_are_the_whole_list_newest_first()
    {
        using var client = _service.Client(tenant: NewTenant());
        for (var n = 0; n < 7; n++)
        {
            using var published = await client.PublishAsync($"e{n}");
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await client.JsonAsync($"/events/recent?limit=3{(cursor is null ? "" : "&cursor=" + cursor)}");
            seen.AddRange(page["events"]!.AsArray().Select(one => (string)one!["event_id"]!));
            cursor = (string?)page["next_cursor"];
            using var later = await client.PublishAsync($"later-{seen.Count}");
        }
        while (cursor is not null);

        Assert.Equal(["e6", "e5", "e4", "e3", "e2", "e1", "e0"], seen);
    }

    [Fact]
    public async Task Filters_narrow_the_list()
    {
        using var client = _service.Client(tenant: NewTenant());
        using var a = await client.PublishAsync("a", payload: new { text = "Größe 100%_\\x" });
        using var b = await client.PublishAsync("b", "lead.assigned", "critical");
        using var c = await client.PostAsync("/events/publish",
            """{"event_type":"lead.created","source":"else","event_id":"c","payload":{},"trace_id":"4BF92F3577B34DA6A3CE929D0E0E4736"}""",
            "application/json");
        var between = (string?)(await b.JsonAsync())["received_at"];

        Assert.Equal(["c", "a"], await client.IdsAsync("?event_type=lead.created"));
        Assert.Equal(["c", "b", "a"], await client.IdsAsync("?event_type=lead.created,lead.assigned"));
        Assert.Equal(["b"], await client.IdsAsync("?severity=error,critical"));
        Assert.Equal(["c"], await client.IdsAsync("?source=else"));
        Assert.Equal(["c"], await client.IdsAsync("?trace_id=4bf92f3577b34da6a3ce929d0e0e4736"));
        Assert.Equal(["a"], await client.IdsAsync($"?text={Uri.EscapeDataString("größe 100%_")}"));
        Assert.Empty(await client.IdsAsync($"?text={Uri.EscapeDataString("100%x")}"));
        Assert.Equal(["c", "b"], await client.IdsAsync($"?since={between}"));
        Assert.Equal(["b", "a"], await client.IdsAsync($"?until={between}"));
        Assert.Equal(["c"], await client.IdsAsync("?limit=1"));
    }

    [Fact]
    public async Task Source_is_found_page_by_page_and_one_that_said_nothing_is_the_end_at_once()
    {
        var tenant = NewTenant();
        using var client = _service.Client(tenant: tenant);
        for (var n = 0; n < 6; n++)
        {
            using var published = await client.PostAsync("/events/publish",
                $$$"""{"event_type":"lead.created","source":"{{{tenant}}}-{{{n % 2}}}","event_id":"s{{{n}}}","payload":{}}""", "application/json");
        }

        var first = await client.JsonAsync($"/events/recent?limit=2&source={tenant}-1");
        var second = await client.JsonAsync($"/events/recent?limit=2&source={tenant}-1&cursor={first["next_cursor"]}");
        var nothing = await client.JsonAsync("/events/recent?source=nobody");

        Assert.Equal(["s5", "s3", "s1"], first["events"]!.AsArray().Concat(second["events"]!.AsArray()).Select(one => (string?)one!["event_id"]));
        Assert.Null(second["next_cursor"]);
        Assert.Empty(nothing["events"]!.AsArray());
        Assert.Null(nothing["next_cursor"]);
    }

    [Theory]
    [InlineData("/events/recent?limit=0", "limit")]
    [InlineData("/events/recent?limit=501", "limit")]
    [InlineData("/events/recent?limit=x", "limit")]
    [InlineData("/events/recent?cursor=AAAA", "cursor")]
    [InlineData("/events/recent?since=yesterday", "since")]
    [InlineData("/events/recent?since=yesterday&until=tomorrow&limit=1&limit=2", "limit,since,until")]
    [InlineData("/events/recent?severity=loud&event_type=nope&limit=0", "event_type,limit,severity")]
    [InlineData("/events/recent?text=%00", "text")]
    [InlineData("/events/stats?hours=0", "hours")]
    [InlineData("/events/audit?days=0&limit=0", "days,limit")]
    public async Task Wrong_question_is_400_and_names_every_field(string path, string fields)
    {
        using var client = _service.Client();

        using var answer = await client.GetAsync(path);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(fields.Split(','), (await answer.JsonAsync())["errors"]!.AsObject().Select(error => error.Key).Order());
        Assert.Empty(_service.Logs.Errors);
    }

    [Fact]
    public async Task Statistics_count_what_is_stored_and_no_duplicates()
    {
        using var client = _service.Client(tenant: NewTenant());
        foreach (var (id, severity) in ((string, string)[])[("a", "info"), ("b", "error"), ("b", "error"), ("c", "error")])
        {
            using var published = await client.PublishAsync(id, severity: severity);
        }

        var stats = await client.JsonAsync("/events/stats?hours=3");

        Assert.Equal((3, 3), ((int)stats["total"]!, (int)stats["last_24h"]!));
        Assert.Equal((1, 2), ((int)stats["by_severity"]!["info"]!, (int)stats["by_severity"]!["error"]!));
        Assert.Equal(3, (int)stats["by_type"]!["lead.created"]!);
        Assert.Equal([0, 0, 3], stats["by_hour"]!.AsArray().Select(hour => (int)hour!["count"]!).Order());
    }

    [Fact]
    public async Task Schema_of_a_type_is_given_and_an_unknown_one_is_404()
    {
        using var client = _service.Client();

        var schema = await client.JsonAsync("/events/schema/service.health.failed");
        using var unknown = await client.GetAsync("/events/schema/no.such");

        Assert.Equal("string", (string?)schema["properties"]!["error"]!["type"]);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Contains("Unknown event_type", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
