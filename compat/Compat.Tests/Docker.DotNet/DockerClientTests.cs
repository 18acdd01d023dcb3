using System.Collections.Concurrent;
using System.Net;
using AetherLink.Tests;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Compat.Tests.Docker;

public sealed class DockerClientTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private FakeEngine _engine = null!;
    private DockerClient _docker = null!;

    public async Task InitializeAsync()
    {
        _engine = await FakeEngine.StartAsync();
        _docker = new DockerClientConfiguration(_engine.Endpoint).CreateClient();
    }

    public async Task DisposeAsync()
    {
        _docker.Dispose();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task Ping_reaches_the_engine()
    {
        await _docker.System.PingAsync();
        Assert.Equal(["GET /_ping"], _engine.Requests);
    }

    [Fact]
    public async Task Version_is_asked_for_in_the_requested_version_of_the_api()
    {
        using var pinned = new DockerClientConfiguration(_engine.Endpoint).CreateClient(new Version(1, 41));

        var version = await pinned.System.GetVersionAsync();

        Assert.Equal(("20.10.24", "1.41", "1.12"), (version.Version, version.APIVersion, version.MinAPIVersion));
    }

    [Fact]
    public async Task List_filters_and_reads_every_field()
    {
        var list = await _docker.Containers.ListContainersAsync(new ContainersListParameters
        {
            All = true,
            Limit = 5,
            Filters = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { ["team=ops"] = true } },
        });

        var container = Assert.Single(list);
        Assert.Equal((FakeEngine.Id, "/web", "running"), (container.ID, container.Names.Single(), container.State));
        Assert.Equal(new DateTime(2023, 11, 14, 22, 13, 20, DateTimeKind.Utc), container.Created);
        Assert.Equal("ops", container.Labels["team"]);
        Assert.Equal((80, 8080, "tcp"), (container.Ports.Single().PrivatePort, container.Ports.Single().PublicPort, container.Ports.Single().Type));
        Assert.Equal(["""GET /containers/json?all=1&limit=5&filters={"label":{"team=ops":true}}"""], _engine.Requests);
    }

    [Fact]
    public async Task Inspection_tells_why_a_container_ended()
    {
        var container = await _docker.Containers.InspectContainerAsync("web");

        Assert.Equal((FakeEngine.Id, "/web", 2L), (container.ID, container.Name, container.RestartCount));
        Assert.Equal(("exited", true, 137L), (container.State.Status, container.State.OOMKilled, container.State.ExitCode));
        Assert.Equal(("unhealthy", 3L, "refused"), (container.State.Health.Status, container.State.Health.FailingStreak, container.State.Health.Log.Single().Output));
        Assert.Equal("ops", container.Config.Labels["team"]);
    }

    [Fact]
    public async Task Actions_ask_for_what_they_say()
    {
        Assert.False(await _docker.Containers.StartContainerAsync("web", null)); // the engine says that it runs
        Assert.True(await _docker.Containers.StopContainerAsync("web", new ContainerStopParameters { WaitBeforeKillSeconds = 3 }));
        await _docker.Containers.RestartContainerAsync("web", new ContainerRestartParameters { WaitBeforeKillSeconds = 10 });
        await _docker.Containers.KillContainerAsync("web", new ContainerKillParameters { Signal = "SIGTERM" });
        await _docker.Containers.UnpauseContainerAsync("web");

        Assert.Equal(
            ["POST /containers/web/start", "POST /containers/web/stop?t=3", "POST /containers/web/restart?t=10", "POST /containers/web/kill?signal=SIGTERM", "POST /containers/web/unpause"],
            _engine.Requests);
    }

    [Fact]
    public async Task Unknown_container_is_an_error_of_its_own()
    {
        var error = await Assert.ThrowsAsync<DockerContainerNotFoundException>(() => _docker.Containers.InspectContainerAsync("gone"));

        Assert.Equal(HttpStatusCode.NotFound, error.StatusCode);
        Assert.Contains("No such container: gone", error.ResponseBody, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DockerContainerNotFoundException>(() => _docker.Containers.RestartContainerAsync("gone", new ContainerRestartParameters()));
    }

    [Fact]
    public async Task Other_errors_carry_status_and_body()
    {
        var error = await Assert.ThrowsAsync<DockerApiException>(() => _docker.Containers.PauseContainerAsync("web"));

        Assert.Equal(HttpStatusCode.Conflict, error.StatusCode);
        Assert.Contains("is not running", error.ResponseBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Absent_engine_is_a_failed_request()
    {
        using var nobody = new DockerClientConfiguration(new Uri("unix:///nowhere/docker.sock")).CreateClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => nobody.System.PingAsync());
    }

    [Fact]
    public async Task Events_arrive_as_they_happen_until_the_token_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        Received received = new();
        var watching = _docker.System.MonitorEventsAsync(new ContainerEventsParameters(), received, stop.Token);

        await Eventually.True(() => _engine.Watched, Soon);
        _engine.Happen(1_700_000_000_000_000_001, "die");
        await Eventually.True(() => received.Count == 1, Soon);
        _engine.Happen(1_700_000_001_000_000_001, "start");
        await Eventually.True(() => received.Count == 2, Soon);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
        var died = received.First();
        Assert.Equal(("container", "die", FakeEngine.Id, 1_700_000_000_000_000_001), (died.Type, died.Action, died.Actor.ID, died.TimeNano));
        Assert.Equal("137", died.Actor.Attributes["exitCode"]);
    }

    [Fact]
    public async Task Events_missed_between_two_streams_come_first_when_the_watcher_names_its_last()
    {
        Received received = new();
        var first = _docker.System.MonitorEventsAsync(new ContainerEventsParameters(), received);
        await Eventually.True(() => _engine.Watched, Soon);
        _engine.Happen(1_700_000_000_000_000_001, "die");
        await Eventually.True(() => received.Count == 1, Soon);
        _engine.EndStreams();
        await first.WaitAsync(Soon); // an ended stream is no error

        _engine.Happen(1_700_000_002_000_000_000, "start");
        await Eventually.True(() => !_engine.Watched, Soon);
        using var stop = new CancellationTokenSource();
        var second = _docker.System.MonitorEventsAsync(new ContainerEventsParameters { Since = "1700000000.000000002" }, received, stop.Token);
        await Eventually.True(() => received.Count == 2, Soon);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(["die", "start"], received.Select(message => message.Action));
    }

    // Progress<T> would report on the pool, in no order.
    private sealed class Received : ConcurrentQueue<Message>, IProgress<Message>
    {
        public void Report(Message value) => Enqueue(value);
    }
}
