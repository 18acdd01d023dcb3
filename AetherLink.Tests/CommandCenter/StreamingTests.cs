using System.Net;
using System.Net.Sockets;
using System.Text;
using AetherLink.CommandCenter.Events.Committing;
using AetherLink.CommandCenter.Events.Streaming;
using AetherLink.Tests.Mesh;
using AetherLink.Tests.Postgres;
using Microsoft.Extensions.DependencyInjection;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter;

public sealed class StreamingTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private RunningCommandCenter _service = null!;

    public async Task InitializeAsync() => _service = await RunningCommandCenter.StartAsync(database.ConnectionString);

    public Task DisposeAsync() => _service.DisposeAsync().AsTask();

    [Fact]
    public async Task Subscriber_gets_what_is_published_with_its_number_and_type()
    {
        using var client = _service.Client(tenant: NewTenant());
        await using var stream = await EventStream.OpenAsync(client, "/events/stream");

        using var published = await client.PublishAsync("one", "lead.assigned", "warning");
        var (id, type, data) = await stream.NextAsync(Soon);

        Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("lead.assigned", type);
        Assert.Equal(id, data["sequence"]!.ToString());
        Assert.Equal(("one", "warning", "one"), ((string?)data["event_id"], (string?)data["severity"], (string?)data["payload"]!["lead_id"]));
    }

    [Fact]
    public async Task Subscriber_sees_its_tenant_and_its_filter_only()
    {
        var tenant = NewTenant();
        using var client = _service.Client(tenant: tenant);
        using var other = _service.Client(tenant: NewTenant());
        using var admin = _service.Client("admin");
        await using var mine = await EventStream.OpenAsync(client, "/events/stream");
        await using var errors = await EventStream.OpenAsync(admin, $"/events/stream?severity=error,critical&event_type=lead.created&tenant_id={tenant}");

        using var a = await other.PublishAsync("theirs", severity: "error");
        using var b = await client.PublishAsync("info");
        using var c = await client.PublishAsync("other-type", "lead.assigned", "error");
        using var d = await client.PublishAsync("error", severity: "error");

        Assert.Equal(["info", "other-type", "error"], [await NextIdAsync(mine), await NextIdAsync(mine), await NextIdAsync(mine)]);
        Assert.Equal("error", await NextIdAsync(errors));
        using var forbidden = await client.GetAsync("/events/stream?tenant_id=another", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
    }

    [Fact]
    public async Task Stream_resumes_after_the_last_id_and_goes_on_live()
    {
        using var client = _service.Client(tenant: NewTenant());
        for (var n = 0; n < 5; n++)
        {
            using var published = await client.PublishAsync($"e{n}");
        }
        await using var all = await EventStream.OpenAsync(client, "/events/stream", "0");
        var second = (Id: "", Event: "");
        for (var n = 0; n < 2; n++)
        {
            var (id, _, data) = await all.NextAsync(Soon);
            second = (id!, (string)data["event_id"]!);
        }

        await using var resumed = await EventStream.OpenAsync(client, "/events/stream", second.Id);
        using var live = await client.PublishAsync("live");

        Assert.Equal("e1", second.Event);
        Assert.Equal(
            ["e2", "e3", "e4", "live"],
            [await NextIdAsync(resumed), await NextIdAsync(resumed), await NextIdAsync(resumed), await NextIdAsync(resumed)]);
    }

    [Fact]
    public async Task Subscriber_of_one_replica_sees_what_another_committed()
    {
        await using var replica = await RunningCommandCenter.StartAsync(database.ConnectionString);
        var tenant = NewTenant();
        using var here = _service.Client(tenant: tenant);
        using var there = replica.Client(tenant: tenant);
        await using var stream = await EventStream.OpenAsync(here, "/events/stream");

        var publishing = Task.WhenAll(Enumerable.Range(0, 100).Select(n => (n % 2 == 0 ? here : there).PublishAsync($"e{n}")));
        var seen = new List<(long Id, string Event)>();
        while (seen.Count < 100)
        {
            var (id, _, data) = await stream.NextAsync(Soon);
            seen.Add((long.Parse(id!, null), (string)data["event_id"]!));
        }
        foreach (var answer in await publishing)
        {
            answer.Dispose();
        }

        Assert.Equal(100, seen.Select(one => one.Event).Distinct().Count());
        Assert.Equal(seen.Select(one => one.Id).Order(), seen.Select(one => one.Id));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    [InlineData("9000000000000000000")]
    public async Task Bad_last_id_is_400(string id)
    {
        using var client = _service.Client();
        client.DefaultRequestHeaders.Add("Last-Event-ID", id);

        using var answer = await client.GetAsync("/events/stream", HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Last-Event-ID", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_stream_ends_at_once_when_the_service_stops()
    {
        await using var replica = await RunningCommandCenter.StartAsync(database.ConnectionString);
        using var client = replica.Client();
        await using var stream = await EventStream.OpenAsync(client, "/events/stream");

        var stopping = replica.StopAsync();

        await Assert.ThrowsAnyAsync<IOException>(() => stream.NextAsync(Soon));
        await stopping.WaitAsync(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Heartbeat_is_a_comment_on_every_stream()
    {
        using var reader = await RawStreamAsync();

        Assert.Equal(": connected", await reader.ReadLineAsync());
        Assert.StartsWith("id: ", await reader.ReadLineAsync(), StringComparison.Ordinal);
        await reader.ReadLineAsync();
        await Eventually.True(() => _service.Services.GetRequiredService<EventFeed>().Subscribers > 0, Soon, "it has joined");
        _service.Services.GetRequiredService<EventFeed>().Heartbeat();
        Assert.Equal(": heartbeat", await reader.ReadLineAsync().WaitAsync(Soon));
    }

    [Fact]
    public async Task Reader_that_does_not_read_is_cut_off_and_others_go_on()
    {
        var feed = _service.Services.GetRequiredService<EventFeed>();
        using var socket = new TcpClient();
        await socket.ConnectAsync(_service.Address.Host, _service.Address.Port);
        socket.ReceiveBufferSize = 4_096;
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            "GET /events/stream HTTP/1.1\r\nHost: localhost\r\nX-User-Roles: operator\r\n\r\n"));
        await Eventually.True(() => feed.Subscribers == 1, Soon, "the slow reader has joined");
        using var client = _service.Client(tenant: NewTenant());
        await using var healthy = await EventStream.OpenAsync(client, "/events/stream?event_type=lead.assigned");
        await Eventually.True(() => feed.Subscribers == 2, Soon, "the other has joined");

        var commit = _service.Services.GetRequiredService<GroupCommit>();
        var payload = $$"""{"text":"{{new string('x', 2_000)}}"}""";
        for (var batch = 0; feed.Subscribers > 1 && batch < 30; batch++)
        {
            await commit.TrySubmit([.. Enumerable.Range(0, 500).Select(n => Envelopes.Draft($"s{batch}-{n}", tenant: "slow", payload: payload))])!;
        }
        await Eventually.True(() => feed.Subscribers == 1, Soon, "the slow reader is cut off");
        using var published = await client.PublishAsync("still", "lead.assigned");

        Assert.Equal("still", await NextIdAsync(healthy));
    }

    private static async Task<string> NextIdAsync(EventStream stream) => (string)(await stream.NextAsync(Soon)).Data["event_id"]!;

    private async Task<StreamReader> RawStreamAsync()
    {
        var client = _service.Client();
        var answer = await client.GetAsync("/events/stream", HttpCompletionOption.ResponseHeadersRead);
        return new StreamReader(await answer.Content.ReadAsStreamAsync());
    }
}
