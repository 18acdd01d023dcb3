using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AetherLink.Tests.ServiceDefaults;

namespace AetherLink.Tests.Web;

public sealed class LiveTests : IAsyncLifetime
{
    private FakeMesh _mesh = null!;
    private Gateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _mesh = await FakeMesh.StartAsync();
        _gateway = await Gateway.StartAsync(_mesh);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _mesh.DisposeAsync();
    }

    [Fact]
    public async Task Tenants_people_hear_of_their_tenant_alone_and_others_of_all()
    {
        using var acme = await _gateway.SignInAsync("operator", "acme");
        using var everybody = await _gateway.SignInAsync("admin");
        await using var narrow = await LiveStream.OpenAsync(acme);
        await using var wide = await LiveStream.OpenAsync(everybody);

        var (first, second, third) = (_mesh.Publish("acme"), _mesh.Publish("globex"), _mesh.Publish("acme"));

        await Eventually.True(() => wide.Sequences.Length == 3 && narrow.Sequences.Length == 2, Gateway.Soon);
        Assert.Equal([first, second, third], wide.Sequences);
        Assert.Equal([first, third], narrow.Sequences);
    }

    [Fact]
    public async Task What_has_moved_without_an_event_is_told_to_those_whose_it_is()
    {
        using var acme = await _gateway.SignInAsync("operator", "acme");
        using var everybody = await _gateway.SignInAsync("admin");
        await using var narrow = await LiveStream.OpenAsync(acme);
        await using var wide = await LiveStream.OpenAsync(everybody);
        await Eventually.True(() => _mesh.Streams == 1, Gateway.Soon);

        _mesh.Move("globex");
        _mesh.Move("acme");
        _mesh.Move(null);
        var last = _mesh.Publish("acme");

        await Eventually.True(() => wide.Sequences is [var a] && narrow.Sequences is [var b] && a == last && b == last, Gateway.Soon);
        Assert.Equal(3, wide.Types.Count(type => type == "gateway.moved"));
        Assert.Equal(2, narrow.Types.Count(type => type == "gateway.moved"));
    }

    [Fact]
    public async Task Many_browsers_share_one_subscription()
    {
        using var browser = await _gateway.SignInAsync("operator");
        await using var one = await LiveStream.OpenAsync(browser);
        await using var other = await LiveStream.OpenAsync(browser);
        var sequence = _mesh.Publish("acme");

        await Eventually.True(() => one.Sequences is [var a] && other.Sequences is [var b] && a == sequence && b == sequence, Gateway.Soon);
        var asked = Assert.Single(_mesh.StreamRequests);
        Assert.StartsWith("Bearer ", asked.Headers["Authorization"], StringComparison.Ordinal);
        Assert.Equal(1, _mesh.Streams);
    }

    [Fact]
    public async Task Streams_are_bounded_for_a_person_and_in_all()
    {
        await using var narrow = await Gateway.StartAsync(
            _mesh, settings: new Dictionary<string, string?> { ["Web:MostStreams"] = "3", ["Web:MostStreamsOfAPerson"] = "2" });
        using var ada = await narrow.SignInAsync("operator");
        using var eve = await narrow.SignInAsync("admin");
        var first = await LiveStream.OpenAsync(ada);
        await using var second = await LiveStream.OpenAsync(ada);

        using var third = await ada.GetAsync("/api/events/stream");
        await third.AssertProblemAsync(429);
        await using var other = await LiveStream.OpenAsync(eve);
        using var full = await eve.GetAsync("/api/events/stream");
        await full.AssertProblemAsync(503);
        Assert.NotNull(full.Headers.RetryAfter);

        await first.DisposeAsync();
        await Eventually.True(
            async () =>
            {
                using var again = await eve.Http.GetAsync("/api/events/stream", HttpCompletionOption.ResponseHeadersRead);
                return again.IsSuccessStatusCode;
            },
            Gateway.Soon, "the place of the one that left is free");
    }

    [Fact]
    public async Task Browser_that_does_not_read_is_cut_off_and_the_others_are_not()
    {
        using var browser = await _gateway.SignInAsync("operator");
        await using var reading = await LiveStream.OpenAsync(browser);
        using var stuck = await OpenWithoutReadingAsync(browser);
        await Eventually.True(() => _gateway.Hub.Readers == 2, Gateway.Soon);

        // More than the queue and all the sockets' buffers hold.
        var published = 0;
        await Eventually.True(
            () =>
            {
                if (published < 4_000 && reading.Sequences.Length > published - 100)
                    for (var i = 0; i < 100; i++, published++)
                        _mesh.Publish("acme", padding: 16_000);
                return _gateway.Hub.Readers == 1;
            },
            TimeSpan.FromSeconds(30), "the one that does not read is gone");

        await Eventually.True(() => reading.Sequences.Length == published, Gateway.Soon, "the other has everything");
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-1")]
    [InlineData("1.5")]
    public async Task Wrong_id_is_a_400(string id)
    {
        using var browser = await _gateway.SignInAsync("operator");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events/stream");
        request.Headers.Add("Last-Event-ID", id);

        using var answer = await browser.Http.SendAsync(request);

        await answer.AssertProblemAsync(400);
    }

    [Fact]
    public async Task Open_streams_do_not_hold_up_the_end()
    {
        using var browser = await _gateway.SignInAsync("operator");
        await using var stream = await LiveStream.OpenAsync(browser);
        var watch = Stopwatch.StartNew();

        await _gateway.DisposeAsync();

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(4), $"The stop took {watch.Elapsed}.");
        await Eventually.True(() => stream.HasEnded, Gateway.Soon);
    }

    private static async Task<Socket> OpenWithoutReadingAsync(Browser browser)
    {
        var address = browser.Http.BaseAddress!;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(new DnsEndPoint(address.Host, address.Port));
        var request = $"GET /api/events/stream HTTP/1.1\r\nHost: {address.Authority}\r\nCookie: {browser.Cookies.GetCookieHeader(address)}\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        return socket;
    }
}
