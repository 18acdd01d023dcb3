using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AetherLink.Tests.ServiceDefaults;
using AetherLink.Web.Live;
using Microsoft.Extensions.DependencyInjection;

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
    public async Task Browser_that_comes_back_gets_what_it_missed_and_nothing_twice()
    {
        using var browser = await _gateway.SignInAsync("operator", "acme");
        long last;
        await using (var before = await LiveStream.OpenAsync(browser))
        {
            last = _mesh.Publish("acme");
            await Eventually.True(() => before.Sequences is [_], Gateway.Soon);
        }
        _mesh.Publish("globex");
        var missed = _mesh.Publish("acme");
        await Eventually.True(() => _gateway.Hub.Position == missed, Gateway.Soon);

        await using var after = await LiveStream.OpenAsync(browser, last);
        var next = _mesh.Publish("acme");

        await Eventually.True(() => after.Sequences.Length == 2, Gateway.Soon);
        Assert.Equal([missed, next], after.Sequences);
        Assert.Single(_mesh.StreamRequests);
    }

    [Fact]
    public async Task Browser_that_was_away_longer_than_the_ring_reaches_is_served_by_the_Command_Center()
    {
        var old = Enumerable.Range(0, 50).Select(i => _mesh.Publish(i % 2 == 0 ? "acme" : "globex")).ToList();
        // A gateway that has just started knows nothing of what was before.
        await using var fresh = await Gateway.StartAsync(_mesh);
        using var browser = await fresh.SignInAsync("operator", "acme");

        await using var stream = await LiveStream.OpenAsync(browser, old[9]);
        var next = _mesh.Publish("acme");

        var expected = old.Skip(10).Where((_, i) => i % 2 == 0).Append(next).ToArray();
        await Eventually.True(() => stream.Sequences.Length == expected.Length, Gateway.Soon);
        Assert.Equal(expected, stream.Sequences);
        await Eventually.True(() => _mesh.Streams == 2, Gateway.Soon, "the resume of its own has ended");
    }

    [Fact]
    public async Task Browser_of_a_quiet_tenant_that_comes_back_is_served_and_makes_way_for_the_next_one()
    {
        var old = Enumerable.Range(0, 20).Select(_ => _mesh.Publish("globex")).ToList();
        await using var fresh = await Gateway.StartAsync(_mesh);
        using var browser = await fresh.SignInAsync("operator", "acme");

        // More than are served at once, and nothing of theirs among all that they have missed.
        var streams = await Task.WhenAll(Enumerable.Range(0, Backfilling.AtOnce + 2).Select(_ => LiveStream.OpenAsync(browser, old[0])));

        await Eventually.True(() => fresh.Hub.Readers == streams.Length, Gateway.Soon, "all of them listen");
        await Eventually.True(() => _mesh.Streams == 2, Gateway.Soon, "the resumes of their own have ended");
        foreach (var stream in streams)
            await stream.DisposeAsync();
    }

    [Fact]
    public async Task Turn_at_the_Command_Center_ends_also_when_nothing_comes()
    {
        // It reaches back to a number that the Command Center has not given out yet.
        var hub = new LiveHub();
        hub.Opened(5_000);
        using var backfilling = new Backfilling(hub, _gateway.Services.GetRequiredService<CommandCenterStream>(), TimeProvider.System)
        {
            LongestTurn = TimeSpan.FromMilliseconds(100),
        };
        var turns = Enumerable.Range(0, 2 * Backfilling.AtOnce).Select(_ => backfilling.WriteAsync(
            System.IO.Pipelines.PipeWriter.Create(new MemoryStream()), 900, "acme", CancellationToken.None));

        Assert.All(await Task.WhenAll(turns).WaitAsync(Gateway.Soon), after => Assert.Equal(900, after));
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
    public async Task Break_of_the_upstream_leaves_no_gap_and_no_duplicate()
    {
        using var browser = await _gateway.SignInAsync("operator");
        await using var stream = await LiveStream.OpenAsync(browser);
        var published = new List<long>();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 20; i++)
                published.Add(_mesh.Publish("acme"));
            _mesh.BreakStreams();
            for (var i = 0; i < 20; i++)
                published.Add(_mesh.Publish("acme"));
            await Eventually.True(() => stream.Sequences.Length == published.Count, Gateway.Soon, "all have come");
        }

        Assert.Equal(published, stream.Sequences);
        Assert.Contains("gateway.state", stream.Types.SkipWhile(type => type != "lead.created"));
        Assert.False(stream.HasEnded);
    }

    [Fact]
    public async Task Another_database_makes_the_browsers_start_over()
    {
        using var browser = await _gateway.SignInAsync("operator");

        await using var stream = await LiveStream.OpenAsync(browser, after: 999_999);
        var next = _mesh.Publish("acme");

        await Eventually.True(() => stream.Sequences.Length == 1, Gateway.Soon);
        Assert.Contains("gateway.reset", stream.Types);
        Assert.Equal([next], stream.Sequences);
    }

    [Fact]
    public async Task Database_that_was_wiped_under_an_open_stream_makes_everybody_start_over()
    {
        using var browser = await _gateway.SignInAsync("operator");
        await using var stream = await LiveStream.OpenAsync(browser);
        var before = _mesh.Publish("acme");
        await Eventually.True(() => stream.Sequences.Length == 1, Gateway.Soon);

        _mesh.Wipe();
        await Eventually.True(() => _gateway.Hub.Position == 0, Gateway.Soon, "the old position was dropped");
        var after = _mesh.Publish("acme");

        await Eventually.True(() => stream.Sequences.Length == 2, Gateway.Soon);
        Assert.Equal([before, after], stream.Sequences);
        Assert.Contains("gateway.reset", stream.Types);
        Assert.False(stream.HasEnded);
        Assert.Equal([null, $"{before}", null], _mesh.StreamRequests.Select(asked => asked.Headers.GetValueOrDefault("Last-Event-ID")));
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
