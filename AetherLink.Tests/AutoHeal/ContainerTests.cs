using AetherLink.LoadGenerator.Running;

namespace AetherLink.Tests.AutoHeal;

/// <summary>Containers of an engine that says what a test has it say.</summary>
public sealed class ContainerTests() : HealerTest("web")
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private FakeEngine _engine = null!;

    private protected override (string, string)[] Settings => [("DOCKER_HOST", $"unix://{Socket}"), ("AUTOHEAL_ENGINE_TIMEOUT_SECONDS", "1")];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _engine = await FakeEngine.StartAsync(Socket);
    }

    public override async Task DisposeAsync()
    {
        await _engine.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Healer_restarts_a_labelled_container_when_the_engine_says_unhealthy()
    {
        _engine.Add("cache");
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");
        await WaitForContainerAsync(healer, "healthy");

        _engine["cache"].Health = "unhealthy";

        var heal = (await healer.WaitForHistoryAsync(1))[0]!;
        Assert.Equal(["cache"], _engine.Restarts);
        Assert.Equal(("cache", "restart", true), ((string?)heal["service"], (string?)heal["action"], (bool)heal["verified"]!));
        Assert.Equal("""{"label":{"aetherlink.autoheal=true":true}}""", _engine.Filters);
        Assert.Equal("container", (string?)(await healer.TargetAsync("cache"))["kind"]);
    }

    [Fact]
    public async Task Healer_restarts_a_container_that_the_engine_calls_healthy_when_its_health_url_does_not_answer()
    {
        await using var served = await FakeService.StartAsync("cache");
        _engine.Add("cache", ("aetherlink.autoheal.url", $"{served.Url}/alive"));
        _engine.Restarted = _ => served.Revive();
        await using var healer = await StartAsync(("AUTOHEAL_GRACE_SECONDS", "0"));
        await WaitForContainerAsync(healer, "healthy");

        served.Answer = 503;

        var heal = (await healer.WaitForHistoryAsync(1))[0]!;
        Assert.Equal(["cache"], _engine.Restarts);
        Assert.Equal(($"{served.Url}/alive answered 503.", true), ((string?)heal["reason"], (bool)heal["verified"]!));
    }

    [Fact]
    public async Task Heal_of_a_container_that_ends_again_is_over_at_once()
    {
        _engine.Add("cache");
        _engine.Restarted = _ => _engine.Die("cache", 3);
        await using var healer = await StartAsync(("AUTOHEAL_VERIFY_SECONDS", "600"));
        await WaitForContainerAsync(healer, "healthy");

        _engine.Die("cache", 3);

        Assert.Equal("It ended again after restart. It ended unexpectedly with exit code 3.", (string?)(await healer.WaitForHistoryAsync(1))[^1]!["msg"]);
    }

    [Fact]
    public async Task Healer_says_that_memory_ran_out_where_only_the_engines_event_does()
    {
        _engine.Add("cache");
        await using var healer = await StartAsync();
        await WaitForContainerAsync(healer, "healthy");

        _engine.RunOutOfMemory("cache");

        Assert.Equal("It ran out of memory.", (string?)(await healer.WaitForHistoryAsync(1))[0]!["reason"]);
    }

    [Fact]
    public async Task Healer_watches_containers_again_when_the_engine_is_back()
    {
        await _engine.DisposeAsync();
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");
        await WaitForEngineAsync(healer, "absent");
        Assert.Equal($"There is no {Socket}.", (string?)(await healer.GetAsync("/autoheal/status"))["engine"]!["reason"]);
        Assert.Equal("""["web"]""", (await healer.GetAsync("/autoheal/status"))["watching"]!.ToJsonString());

        _engine = await FakeEngine.StartAsync(Socket);
        _engine.Add("cache").Health = "unhealthy";

        await healer.WaitForHistoryAsync(1);
        Assert.Equal(["cache"], _engine.Restarts);
        Assert.Equal("present", (string?)(await healer.GetAsync("/autoheal/status"))["engine"]!["state"]);
    }

    [Fact]
    public async Task Healer_says_that_the_engine_hangs_goes_on_with_the_rest_and_watches_again_when_it_answers()
    {
        _engine.Add("cache");
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");
        await WaitForContainerAsync(healer, "healthy");

        _engine.Hangs = true;
        await WaitForEngineAsync(healer, "hung");
        var said = (await healer.GetAsync("/autoheal/status"))["engine"]!;
        Assert.Equal("It did not answer within 1 s.", (string?)said["reason"]);
        Mesh["web"].Die();
        await healer.WaitForHistoryAsync(1);
        Assert.Equal(["start web"], Mesh.Commands);

        _engine.Hangs = false;
        _engine["cache"].Health = "unhealthy";
        await healer.WaitForHistoryAsync(2);
        Assert.Equal(["cache"], _engine.Restarts);
    }

    [Fact]
    public async Task Healer_learns_of_a_death_that_happened_while_it_had_lost_the_engine()
    {
        _engine.Add("cache");
        await using var healer = await StartAsync();
        await WaitForContainerAsync(healer, "healthy");

        await WhileDisconnectedAsync(healer, () => _engine.Die("cache", 137));

        // The list alone does not say who ended it, and a container that went with its engine says so.
        var heal = (await healer.WaitForHistoryAsync(1))[0]!;
        Assert.Equal("It ended unexpectedly with exit code 137.", (string?)heal["reason"]);
    }

    [Fact]
    public async Task Healer_learns_that_a_person_stopped_a_container_while_it_had_lost_the_engine()
    {
        _engine.Add("cache");
        await using var healer = await StartAsync();
        await WaitForContainerAsync(healer, "healthy");

        await WhileDisconnectedAsync(healer, () => _engine.Stop("cache"));

        await WaitForContainerAsync(healer, "stopped", "The engine was asked to end it; exit code 143.");
        Assert.Empty(_engine.Restarts);
    }

    [Fact]
    public async Task Healer_restarts_what_the_engine_restarts_again_and_again_by_the_containers_own_policy()
    {
        _engine.Add("cache");
        await using var healer = await StartAsync();
        await WaitForContainerAsync(healer, "healthy");

        _engine.Loop("cache", 3);

        var heal = (await healer.WaitForHistoryAsync(1))[0]!;
        Assert.Equal("The engine restarts it again and again, and it ends each time.", (string?)heal["reason"]);
        Assert.Equal(["cache"], _engine.Restarts);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(0)]
    public async Task Healer_heals_the_others_when_the_engine_cannot_tell_of_one_container(int answers)
    {
        (_engine.Add("odd").Status, _engine["odd"].Answers) = ("exited", answers);
        _engine.Add("cache");
        await using var healer = await StartAsync();
        await WaitForContainerAsync(healer, "healthy");

        _engine.Turn("cache", "unhealthy");

        await healer.WaitForHistoryAsync(1);
        Assert.Equal(["cache"], _engine.Restarts);
        var engine = (await healer.GetAsync("/autoheal/status"))["engine"]!;
        Assert.Equal(("present", 2), ((string?)engine["state"], (int)engine["containers"]!));
    }

    [Fact]
    public async Task Healer_does_not_take_a_container_for_the_service_whose_name_it_has()
    {
        _engine.Add("web").Health = "unhealthy";
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");

        await WaitForEngineAsync(healer, "present");
        Assert.Equal("service", (string?)(await healer.TargetAsync("web"))["kind"]);
        Assert.Empty(_engine.Restarts);
    }

    [Fact]
    public async Task Healer_does_not_restart_the_container_that_it_runs_in_nor_one_of_its_own_name()
    {
        _engine.Add(new FakeContainer("me", []) { Id = "0123456789abcdef0123456789abcdef", Health = "unhealthy" });
        _engine.Add("auto-heal").Health = "unhealthy";
        _engine.Add("cache").Health = "unhealthy";
        await using var healer = await StartAsync(("HOSTNAME", "0123456789ab"));

        await healer.WaitForHistoryAsync(1);

        Assert.Equal(["cache"], _engine.Restarts);
        Assert.Equal("""["cache","web"]""", (await healer.GetAsync("/autoheal/status"))["watching"]!.ToJsonString());
    }

    private async Task WhileDisconnectedAsync(HealerHost healer, Action happens)
    {
        _engine.Disconnect();
        await WaitForEngineAsync(healer, "absent");
        happens();
        _engine.Connect();
    }

    private static Task WaitForEngineAsync(HealerHost healer, string state) => Eventually.True(
        async () => (string?)(await healer.GetAsync("/autoheal/status"))["engine"]!["state"] == state, Soon, $"the engine is {state}");

    private static Task WaitForContainerAsync(HealerHost healer, string state, string reason = "") => Eventually.True(
        async () => (await healer.GetAsync("/autoheal/status"))["targets"]!.AsArray().Any(target =>
            (string?)target!["name"] == "cache" && (string?)target["state"] == state && (string?)target["reason"] == reason),
        Soon,
        $"the container is {state}");
}
