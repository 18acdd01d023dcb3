using AetherLink.Tests.Postgres;

namespace AetherLink.Tests.AutoHeal;

public sealed class ContainerTests : IAsyncLifetime
{
    private readonly PostgresDatabase _database = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("aether-heal-").FullName;
    private FakeMesh _mesh = null!;

    private string Socket => Path.Combine(_folder, "engine.sock");

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _mesh = await FakeMesh.StartAsync("web");
    }

    public async Task DisposeAsync()
    {
        await _mesh.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Healer_restarts_a_labelled_container_when_the_engine_says_unhealthy()
    {
        await using var engine = await FakeEngine.StartAsync(Socket);
        engine.Health["cache"] = "healthy";
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");
        await WaitForContainerAsync(healer, "healthy");

        engine.Health["cache"] = "unhealthy";

        var heal = (await healer.WaitForHistoryAsync(1))[0]!;
        Assert.Equal(["cache"], engine.Restarts);
        Assert.Equal(("cache", "restart", true), ((string?)heal["service"], (string?)heal["action"], (bool)heal["verified"]!));
        Assert.Equal("""{"label":{"aetherlink.autoheal=true":true}}""", engine.Filters);
        Assert.Equal("container", (string?)(await healer.TargetAsync("cache"))["kind"]);
    }

    [Fact]
    public async Task Healer_watches_containers_again_when_the_engine_is_back()
    {
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");
        Assert.Equal("""["web"]""", (await healer.GetAsync("/autoheal/status"))["watching"]!.ToJsonString());

        await using (var engine = await FakeEngine.StartAsync(Socket))
        {
            engine.Health["cache"] = "healthy";
            await WaitForContainerAsync(healer, "healthy");
        }

        await Eventually.True(
            async () => (await healer.GetAsync("/autoheal/status"))["watching"]!.AsArray().Count == 1, TimeSpan.FromSeconds(10));
        File.Delete(Socket);
        await using var back = await FakeEngine.StartAsync(Socket);
        back.Health["cache"] = "unhealthy";
        await healer.WaitForHistoryAsync(1);
        Assert.Equal(["cache"], back.Restarts);
    }

    [Fact]
    public async Task Healer_does_not_take_a_container_for_the_service_whose_name_it_has()
    {
        await using var engine = await FakeEngine.StartAsync(Socket);
        engine.Health["web"] = "unhealthy";
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");

        await Eventually.True(() => engine.Filters is not null, TimeSpan.FromSeconds(10));
        Assert.Equal("service", (string?)(await healer.TargetAsync("web"))["kind"]);
        Assert.Empty(engine.Restarts);
    }

    private static Task WaitForContainerAsync(HealerHost healer, string state) => Eventually.True(
        async () => (await healer.GetAsync("/autoheal/status"))["targets"]!.AsArray()
            .Any(target => (string?)target!["name"] == "cache" && (string?)target["state"] == state),
        TimeSpan.FromSeconds(10));

    private Task<HealerHost> StartAsync() =>
        HealerHost.StartAsync(_mesh, _database.ConnectionString, _folder, ("DOCKER_HOST", $"unix://{Socket}"));
}
