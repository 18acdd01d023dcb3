using AetherLink.LoadGenerator.Running;
using AetherLink.ServiceDefaults;

namespace AetherLink.Tests.AutoHeal.Docker;

/// <summary>Containers of a real engine, healed by the healer as it is.</summary>
[Collection(Alone.Name)]
public sealed class ContainerHealingTests(DockerEngineFixture fixture) : HealerTest(), IClassFixture<DockerEngineFixture>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    /// <summary>Well until a file says otherwise; a restart takes the file away.</summary>
    private const string WellAgain = "rm -f /shared/sick; exec sleep 600";

    /// <summary>The limits of a test that does not wait: a second between two restarts of one container, however many there were.</summary>
    private protected override (string, string)[] Settings =>
        [("DOCKER_HOST", Engine.Endpoint), ("AUTOHEAL_COOLDOWN_SECONDS", "1"), ("AUTOHEAL_BACKOFF_FACTOR", "1"), ("AUTOHEAL_INTERVAL_SECONDS", "1")];

    private DockerEngine Engine => fixture.Engine;

    public override async Task DisposeAsync()
    {
        if (fixture.EngineIfAny is { } engine)
        {
            await engine.StartAsync();
            await engine.RemoveAllAsync();
        }

        await base.DisposeAsync();
    }

    [DockerFact]
    public async Task Container_that_turns_unhealthy_is_restarted_within_a_second_of_the_engines_event_verified_and_recorded()
    {
        var shared = Engine.Folder("cache");
        await Engine.RunContainerAsync("cache", WellAgain, WithHealth(shared));
        await using var healer = await StartAsync();
        await healer.WaitForStorageAsync("postgres");
        await healer.WaitForStateAsync("cache", "healthy");

        await File.WriteAllTextAsync(Path.Combine(shared, "sick"), "");

        var heal = (await healer.WaitForHistoryAsync(1))[0]!;
        Assert.Equal(("cache", "restart", true, true), ((string?)heal["service"], (string?)heal["action"], (bool)heal["success"]!, (bool)heal["verified"]!));
        Assert.Equal("The engine says unhealthy.", (string?)heal["reason"]);
        var events = await Engine.EventsOfAsync("cache");
        var unhealthy = events.First(one => one.Action == "health_status: unhealthy").At;
        var issued = events.First(one => one.Action == "kill").At;
        Assert.InRange(issued - unhealthy, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Single(events, one => one.Action == "restart");
        await Eventually.True(() => healer.Events.Count == 2, Soon);
        Assert.Equal([EventTypes.AutohealAttempted, EventTypes.AutohealSucceeded], healer.Events.Select(one => one.EventType));
    }

    [DockerFact]
    public async Task Container_that_the_kernel_ends_for_want_of_memory_is_healed_and_told_as_that()
    {
        if ((await Engine.DockerAsync("info", "--format", "{{.MemoryLimit}}")).Trim() != "true")
            throw new NoEngineException("The engine cannot limit a container's memory here.");
        var shared = Engine.Folder("hungry");
        // Twice as much with each turn, until a file says that it has had enough.
        await Engine.RunContainerAsync(
            "hungry", "[ -e /shared/full ] && exec sleep 600; touch /shared/full; x=0123456789; while true; do x=$x$x; done",
            "-v", $"{shared}:/shared", "--memory", "24m", "--memory-swap", "24m");
        await using var healer = await StartAsync();

        var heal = (await healer.WaitForHistoryAsync(1))[0]!;

        Assert.Equal(("hungry", "It ran out of memory.", true), ((string?)heal["service"], (string?)heal["reason"], (bool)heal["verified"]!));
        Assert.Contains(await Engine.EventsOfAsync("hungry"), one => one.Action == "oom");
    }

    [DockerFact]
    public async Task Crash_loop_gets_exactly_the_allowed_restarts_and_then_a_person()
    {
        await using var healer = await StartAsync(("AUTOHEAL_VERIFY_SECONDS", "1"), ("AUTOHEAL_HOURLY_LIMIT", "3"));
        await Eventually.True(async () => (string?)(await healer.GetAsync("/autoheal/status"))["engine"]!["state"] == "present", Soon);

        await Engine.RunContainerAsync("looping", "exit 3");

        await Eventually.True(() => healer.Events.Any(one => one.Payload["escalated"] is not null), Soon, "a person is called");
        var called = healer.Events.Single(one => one.Payload["escalated"] is not null);
        Assert.Equal((EventTypes.AutohealFailed, Severities.Critical), (called.EventType, called.Severity));
        var target = await healer.TargetAsync("looping");
        Assert.Equal(("escalated", "hold_back", 3), ((string?)target["state"], (string?)target["would"], (int)target["restarts_last_hour"]!));
        Assert.Equal(3, (int)(await healer.GetAsync("/autoheal/history"))["total_in_history"]!);
        var events = await Engine.EventsOfAsync("looping");
        Assert.Equal(4, events.Count(one => one.Action == "start"));
        Assert.Equal(4, events.Count(one => one.Action == "die"));
    }

    [DockerFact]
    public async Task Engine_that_is_restarted_during_a_heal_leaves_a_record_and_the_container_is_healed_when_it_is_back()
    {
        var shared = Engine.Folder("slow");
        // A first process that does not hear SIGTERM: the restart waits ten seconds for it, long enough to lose the engine. The one that
        // comes back ends what is left of it by itself, and is told to wait for a second only.
        await Engine.RunContainerAsync("slow", WellAgain, [.. WithHealth(shared), "--stop-signal", "TERM", "--stop-timeout", "1"]);
        await using var healer = await StartAsync(("AUTOHEAL_HOURLY_LIMIT", "9"));
        await healer.WaitForStateAsync("slow", "healthy");
        await File.WriteAllTextAsync(Path.Combine(shared, "sick"), "");
        await Eventually.True(async () => (await Engine.EventsOfAsync("slow")).Any(one => one.Action == "kill"), Soon, "the restart has begun");

        await Engine.KillAsync();
        var cutOff = (await healer.WaitForHistoryAsync(1))[^1]!;
        Assert.False((bool)cutOff["success"]!);
        Assert.Contains("engine", (string?)cutOff["msg"], StringComparison.Ordinal);
        await Eventually.True(async () => (string?)(await healer.GetAsync("/autoheal/status"))["engine"]!["state"] == "absent", Soon);
        await Engine.StartAsync();

        // A try that meets the engine while it ends is on record, too.
        await healer.WaitForStateAsync("slow", "healthy");
        Assert.True((bool)(await healer.WaitForHistoryAsync(2))[0]!["verified"]!);
    }

    [DockerFact]
    public async Task Twenty_containers_that_fail_at_once_engage_the_brake()
    {
        var names = Enumerable.Range(0, 20).Select(number => $"many-{number}").ToArray();
        await Parallel.ForEachAsync(names, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (name, _) =>
            await Engine.RunContainerAsync(name, "exec sleep 600"));
        await using var healer = await StartAsync(("AUTOHEAL_FLEET_HOURLY_LIMIT", "100"));
        foreach (var name in names)
            await healer.WaitForStateAsync(name, "healthy");

        await Engine.CrashAsync(names);

        await Eventually.True(async () => (int)(await healer.GetAsync("/autoheal/status"))["fleet"]!["down"]! >= 14, Soon, "they are down");
        var status = await healer.GetAsync("/autoheal/status");
        Assert.True((bool)status["fleet"]!["braked"]!);
        await Eventually.True(() => healer.Events.Any(one => one.EventType == EventTypes.AutohealBrakeEngaged), Soon, "the brake is an event");
        Assert.Single(healer.Events, one => one.EventType == EventTypes.AutohealBrakeEngaged);
        // Of twenty, the seventh that is down engages it; the six before may have been begun by then, when the engine tells of them one by one.
        Assert.InRange(healer.Events.Count(one => one.EventType == EventTypes.AutohealAttempted), 0, 6);
        await Eventually.True(
            async () => (await healer.GetAsync("/autoheal/status"))["targets"]!.AsArray().Any(target => (string?)target!["suppressed_by"] == "fleet_brake"),
            Soon,
            "what is held back says by what");
    }

    [DockerFact]
    public async Task Container_whose_dependency_is_down_waits_for_it_and_is_healed_after_it()
    {
        var shared = Engine.Folder("store");
        // Well at first; after its restart not before a file is taken away.
        await Engine.RunContainerAsync("store", "[ -e /shared/ran ] && touch /shared/sick; touch /shared/ran; exec sleep 600", WithHealth(shared));
        await Engine.RunContainerAsync("shop", "exec sleep 600");
        await using var healer = await StartAsync(("AUTOHEAL_DEPENDENCIES", """{"shop":["store"]}"""));
        await healer.WaitForStateAsync("store", "healthy");
        await healer.WaitForStateAsync("shop", "healthy");

        // One after the other: of two that end at once the engine may tell of either first.
        await Engine.CrashAsync("store");
        await Eventually.True(() => Told("autoheal.attempted store"), Soon, "the store is being healed");
        await Engine.CrashAsync("shop");
        await Eventually.True(() => Told("autoheal.suppressed shop dependency:store"), Soon, "the shop is held back");
        var sick = Path.Combine(shared, "sick");
        await Eventually.True(() => File.Exists(sick), Soon, "the store runs again");
        File.Delete(sick);

        var history = await healer.WaitForHistoryAsync(2);
        Assert.Equal(["shop", "store"], history.Select(heal => (string?)heal!["service"]));
        Assert.All(history, heal => Assert.True((bool)heal!["verified"]!));
        Assert.All(history, heal => Assert.Equal("It ended unexpectedly with exit code 137.", (string?)heal!["reason"]));

        bool Told(string what) => healer.Events.Any(one => $"{one.EventType} {one.Payload["service"]} {one.Payload["reason"]}".StartsWith(what, StringComparison.Ordinal));
    }

    [DockerFact]
    public async Task Container_that_a_person_stops_is_left_alone()
    {
        await Engine.RunContainerAsync("stopped", "exec sleep 600");
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("stopped", "healthy");

        await Engine.DockerAsync("stop", "-t", "0", "stopped");

        await healer.WaitForStateAsync("stopped", "stopped");
        Assert.Equal("The engine was asked to end it; exit code 137.", (string?)(await healer.TargetAsync("stopped"))["reason"]);
        Assert.Empty(healer.Events);
    }

    [DockerFact]
    public async Task Healer_that_is_killed_between_decision_and_restart_restarts_nothing_twice_and_loses_no_record()
    {
        var shared = Engine.Folder("once");
        await Engine.RunContainerAsync("once", "exec sleep 600", WithHealth(shared));
        using (var healer = HealerProcess.Start(Database.ConnectionString, Folder, Engine.Endpoint))
        {
            await healer.WaitForStateAsync("once", "healthy");
            using var decided = healer.KillAtDecision();
            await File.WriteAllTextAsync(Path.Combine(shared, "sick"), "");
            await healer.HasEndedAsync();
        }

        using var second = HealerProcess.Start(Database.ConnectionString, Folder, Engine.Endpoint);

        await Eventually.True(async () => (string?)(await second.TargetAsync("once"))?["suppressed_by"] == "cooldown", Soon, "the first one's restart counts");
        var history = await second.GetAsync("/autoheal/history");
        Assert.Equal(1, (int)history["total_in_history"]!);
        Assert.Equal("The healer ended during this heal.", (string?)history["history"]![0]!["msg"]);
        Assert.InRange((await Engine.EventsOfAsync("once")).Count(one => one.Action == "restart"), 0, 1);
    }

    private static string[] WithHealth(string shared) =>
        ["-v", $"{shared}:/shared", "--health-cmd", "test ! -e /shared/sick", "--health-interval", "300ms", "--health-timeout", "10s", "--health-retries", "1"];
}
