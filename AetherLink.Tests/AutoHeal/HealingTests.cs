using AetherLink.ServiceDefaults;

namespace AetherLink.Tests.AutoHeal;

public sealed class HealingTests() : HealerTest("orchestrator", "web", "command-center")
{
    [Fact]
    public async Task Healer_starts_a_killed_service_verifies_it_and_tells_when_its_probe_fails()
    {
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("orchestrator", "healthy");
        await healer.WaitForStorageAsync("postgres");

        Mesh["orchestrator"].Die();

        var heal = (await healer.WaitForHistoryAsync(1))[0]!;
        Assert.Equal(["start orchestrator"], Mesh.Commands);
        Assert.Equal("orchestrator", (string?)heal["service"]);
        Assert.Equal("start", (string?)heal["action"]);
        Assert.True((bool)heal["success"]!);
        Assert.True((bool)heal["verified"]!);
        Assert.Equal("It ended unexpectedly with exit code 137.", (string?)heal["reason"]);
        Assert.InRange((long)heal["timestamp"]!, DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 30, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        await healer.WaitForStateAsync("orchestrator", "healthy");
        await Eventually.True(() => healer.Events.Count == 2, TimeSpan.FromSeconds(5));
        Assert.Equal([EventTypes.AutohealAttempted, EventTypes.AutohealSucceeded], healer.Events.Select(e => e.EventType));
        Assert.All(healer.Events, e => Assert.Equal(("auto-heal", "orchestrator"), (e.Source, (string?)e.Payload["service"])));
        Assert.True((bool)healer.Events.Last().Payload["verified"]!);
        Assert.Equal(32, ((string)heal["trace_id"]!).Length);
        Assert.All(healer.Events, e => Assert.Equal((string?)heal["trace_id"], e.TraceId));
    }

    [Fact]
    public async Task Healer_restarts_a_service_that_runs_and_answers_errors()
    {
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");

        Mesh["web"].Answer = 503;

        var heal = (await healer.WaitForHistoryAsync(1))[0]!;
        Assert.Equal(["restart web"], Mesh.Commands);
        Assert.Contains("answered 503", (string?)heal["reason"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Exited", 0)]
    [InlineData("Finished", 143)]
    [InlineData("Stopping", null)]
    public async Task Healer_leaves_alone_what_a_person_stopped(string state, int? exitCode)
    {
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");

        var web = Mesh["web"];
        (web.State, web.ExitCode, web.Answer) = (state, exitCode, 0);

        await healer.WaitForStateAsync("web", "stopped");
        var probes = web.Probes;
        await Eventually.True(() => web.Probes > probes + 3, TimeSpan.FromSeconds(10));
        Assert.Empty(Mesh.Commands);
        Assert.Empty(healer.Events);
    }

    [Fact]
    public async Task Healer_reports_a_suppressed_heal_once_when_the_service_keeps_dying()
    {
        await using var healer = await StartAsync(("AUTOHEAL_COOLDOWN_SECONDS", "60"));
        await healer.WaitForStateAsync("web", "healthy");
        Mesh["web"].Die();
        await healer.WaitForHistoryAsync(1);

        Mesh["web"].Die();

        await Eventually.True(() => healer.Events.Count == 3, TimeSpan.FromSeconds(10));
        var probes = Mesh["web"].Probes;
        await Eventually.True(() => Mesh["web"].Probes > probes + 3, TimeSpan.FromSeconds(10));
        Assert.Equal(3, healer.Events.Count);
        var suppressed = healer.Events.Last();
        Assert.Equal(EventTypes.AutohealSuppressed, suppressed.EventType);
        Assert.Equal("cooldown", (string?)suppressed.Payload["reason"]);
        var target = await healer.TargetAsync("web");
        Assert.Equal("down", (string?)target["state"]);
        Assert.Equal("cooldown", (string?)target["suppressed_by"]);
        Assert.Equal(1, (int)target["restarts_last_hour"]!);
        Assert.EndsWith("Z", (string?)target["cooldown_until"], StringComparison.Ordinal);
        Assert.Equal(
            (3, 1, 60, 90),
            ((int)target["restarts_per_hour"]!, (int)target["restarts_in_a_row"]!, (double)target["cooldown_seconds"]!, (double)target["next_cooldown_seconds"]!));
        Assert.Single(Mesh.Commands);
    }

    [Fact]
    public async Task Healer_says_so_when_the_mesh_refuses_the_command()
    {
        Mesh.Refuses = true;
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");

        Mesh["web"].Die();

        var heal = (await healer.WaitForHistoryAsync(1))[0]!;
        Assert.False((bool)heal["success"]!);
        Assert.Equal("Mesh control answered 409 to start: 'start' of 'web' failed.", (string?)heal["msg"]);
        await Eventually.True(() => healer.Events.Any(e => e.EventType == EventTypes.AutohealFailed), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task What_a_person_stops_after_a_restart_of_it_has_failed_is_left_alone()
    {
        await using var healer = await StartAsync(("AUTOHEAL_COOLDOWN_SECONDS", "60"));
        await healer.WaitForStateAsync("web", "healthy");
        Mesh.Refuses = true;
        var web = Mesh["web"];
        web.Answer = 503;
        await healer.WaitForHistoryAsync(1);

        (web.State, web.ExitCode, web.Answer) = ("Exited", 0, 0);

        await healer.WaitForStateAsync("web", "stopped");
    }

    [Fact]
    public async Task Healer_says_so_when_the_service_does_not_become_healthy_in_time()
    {
        Mesh.Revives = false;
        await using var healer = await StartAsync(("AUTOHEAL_VERIFY_SECONDS", "1"));
        await healer.WaitForStateAsync("web", "healthy");

        Mesh["web"].Answer = 503;

        var heal = (await healer.WaitForHistoryAsync(1))[0]!;
        Assert.Equal("Not healthy within 1 s after restart.", (string?)heal["msg"]);
        Assert.False((bool)heal["verified"]!);
        Assert.True((double)heal["duration_ms"]! >= 1000);
    }

    [Fact]
    public async Task Heal_of_a_service_that_ends_again_is_over_at_once_and_counts()
    {
        Mesh.Revives = false;
        await using var healer = await StartAsync(("AUTOHEAL_COOLDOWN_SECONDS", "60"), ("AUTOHEAL_VERIFY_SECONDS", "600"));
        await healer.WaitForStateAsync("web", "healthy");

        Mesh["web"].Die();

        var heal = (await healer.WaitForHistoryAsync(1))[0]!;
        Assert.Equal("It ended again after start. It ended unexpectedly with exit code 137.", (string?)heal["msg"]);
        Assert.False((bool)heal["success"]!);
        await Eventually.True(async () => (string?)(await healer.TargetAsync("web"))["suppressed_by"] == "cooldown", TimeSpan.FromSeconds(10), "it is decided on anew");
        Assert.Equal(1, (int)(await healer.TargetAsync("web"))["restarts_last_hour"]!);
        await Eventually.True(() => healer.Events.Any(told => told is { EventType: EventTypes.AutohealFailed, Severity: Severities.Critical }), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Healer_brakes_once_when_the_whole_mesh_is_down()
    {
        Mesh.Revives = false;
        await using var healer = await StartAsync(("AUTOHEAL_VERIFY_SECONDS", "1"));
        foreach (var service in Mesh.Services)
            await healer.WaitForStateAsync(service.Name, "healthy");

        foreach (var service in Mesh.Services)
            service.Die();

        await Eventually.True(() => healer.Events.Any(e => e.EventType == EventTypes.AutohealBrakeEngaged), TimeSpan.FromSeconds(10));
        Assert.True((bool)(await healer.GetAsync("/autoheal/status"))["fleet"]!["braked"]!);
        foreach (var service in Mesh.Services)
            service.Revive();
        await Eventually.True(() => healer.Events.Any(e => e.EventType == EventTypes.AutohealBrakeReleased), TimeSpan.FromSeconds(10));
        Assert.Single(healer.Events, e => e.EventType == EventTypes.AutohealBrakeEngaged);
    }

    [Fact]
    public async Task Two_healers_of_one_mesh_tell_once_that_the_brake_engages_and_is_released()
    {
        await using var one = await StartInAsync(Path.Combine(Folder, "one"), ("AUTOHEAL_MODE", "observe"));
        await using var other = await StartInAsync(Path.Combine(Folder, "other"), ("AUTOHEAL_MODE", "observe"));
        HealerHost[] both = [one, other];
        int Told(string type) => both.Sum(healer => healer.Events.Count(told => told.EventType == type));
        Task WaitForBrakeAsync(bool braked) => Task.WhenAll(both.Select(healer => Eventually.True(
            async () => (bool)(await healer.GetAsync("/autoheal/status"))["fleet"]!["braked"]! == braked, TimeSpan.FromSeconds(10))));
        foreach (var healer in both)
        {
            await healer.WaitForStorageAsync("postgres");
            foreach (var service in Mesh.Services)
                await healer.WaitForStateAsync(service.Name, "healthy");
        }

        foreach (var service in Mesh.Services)
            service.Die();
        await WaitForBrakeAsync(true);
        foreach (var service in Mesh.Services)
            service.Revive();
        await WaitForBrakeAsync(false);

        await Eventually.True(() => Told(EventTypes.AutohealBrakeReleased) > 0, TimeSpan.FromSeconds(10));
        Assert.Equal((1, 1), (Told(EventTypes.AutohealBrakeEngaged), Told(EventTypes.AutohealBrakeReleased)));
    }

    [Fact]
    public async Task Healer_does_not_start_when_a_limit_could_never_act_and_says_why()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(("AUTOHEAL_COOLDOWN_SECONDS", "1800"), ("AUTOHEAL_HOURLY_LIMIT", "2")));

        Assert.Contains("admits at most 2 restarts in 3600 s by itself, so AUTOHEAL_HOURLY_LIMIT=2 can never act", refusal.Message, StringComparison.Ordinal);
    }
}
