using AetherLink.Web.Live;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.Web;

/// <summary>What was missed comes after all, once, whoever was away: the browser, the gateway's own stream, or the database.</summary>
public sealed class LiveResumingTests : IAsyncLifetime
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
    public async Task Page_that_begins_where_its_session_was_told_misses_nothing_of_what_came_since()
    {
        var before = _mesh.Publish("acme");
        await Eventually.True(() => _gateway.Hub.Position == before, Gateway.Soon);
        using var nobody = _gateway.Open();
        using var viewer = await _gateway.SignInAsync("viewer", "acme");
        using var browser = await _gateway.SignInAsync("operator", "acme");
        var told = (await browser.SessionAsync()).GetProperty("live_position").GetInt64();
        var meanwhile = _mesh.Publish("acme");
        await Eventually.True(() => _gateway.Hub.Position == meanwhile, Gateway.Soon);

        await using var stream = await LiveStream.OpenAsync(browser, told);

        await Eventually.True(() => stream.Sequences is [var one] && one == meanwhile, Gateway.Soon);
        Assert.Equal(before, told);
        foreach (var deaf in (Browser[])[nobody, viewer])
        {
            Assert.Equal(System.Text.Json.JsonValueKind.Null, (await deaf.SessionAsync()).GetProperty("live_position").ValueKind);
        }
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
}
