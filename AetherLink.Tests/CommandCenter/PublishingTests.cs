using System.Net;
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

    [Theory]
    [InlineData("ops.alert.raised", """{"alert_id":"a","rule_id":"r"}""")]
    [InlineData("ops.alert.resolved", """{"alert_id":"a","rule_id":"r"}""")]
    [InlineData("ops.webhook.disabled", """{"webhook_id":"w"}""")]
    [InlineData("ops.events.pruned", """{"before":"b","events":1}""")]
    [InlineData("ops.replay.finished", """{"job_id":"j"}""")]
    [InlineData("delivery.replayed", """{"delivery_id":"d"}""")]
    [InlineData("autoheal.cooldown.started", """{"endpoint_url":"u"}""")]
    public async Task What_the_Command_Center_alone_tells_is_published_by_nobody_else(string type, string payload)
    {
        using var client = _service.Client("admin", NewTenant());

        using var one = await client.PostAsync("/events/publish", $$"""{"event_type":"{{type}}","source":"command-center","payload":{{payload}}}""", "application/json");
        using var batch = await client.PostAsync("/events/publish/batch", $$"""[{"event_type":"{{type}}","source":"s","payload":{{payload}}}]""", "application/json");
        using var cloud = await client.PostAsync(
            "/events/publish", $$"""{"specversion":"1.0","type":"{{type}}","source":"s","id":"1","data":{{payload}}}""", "application/cloudevents+json");

        Assert.Equal([HttpStatusCode.BadRequest, HttpStatusCode.BadRequest], [one.StatusCode, cloud.StatusCode]);
        Assert.Contains(type, (string)(await one.JsonAsync())["errors"]!["event_type"]![0]!, StringComparison.Ordinal);
        Assert.Equal("rejected", (string?)(await batch.JsonAsync())["results"]![0]!["status"]);
        Assert.Empty(await client.IdsAsync());
    }

    [Fact]
    public async Task Type_of_the_Command_Centers_own_space_is_registered_by_nobody()
    {
        using var admin = _service.Client("admin");

        using var answer = await admin.PostAsync(
            "/events/schema", """{"event_type":"ops.alert.custom","description":"d","properties":{"rule_id":{"type":"string"}}}""", "application/json");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
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
}
