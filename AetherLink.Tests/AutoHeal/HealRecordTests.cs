using System.Diagnostics;
using AetherLink.AutoHeal.Healing;
using AetherLink.AutoHeal.History;
using AetherLink.AutoHeal.Storage;
using AetherLink.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AetherLink.Tests.AutoHeal;

public sealed class HealRecordTests() : HealerTest("orchestrator", "web")
{
    private protected override (string, string)[] Settings => [("AUTOHEAL_COOLDOWN_SECONDS", "60")];

    [Fact]
    public async Task Healer_keeps_its_counts_and_history_when_it_is_restarted_elsewhere()
    {
        await HealOnceAsync("web");
        var elsewhere = Directory.CreateDirectory(Path.Combine(Folder, "elsewhere")).FullName;

        Mesh["web"].Die();
        await using var healer = await StartInAsync(elsewhere);

        await healer.WaitForStateAsync("web", "down");
        await Eventually.True(
            async () => (string?)(await healer.TargetAsync("web"))["suppressed_by"] == "cooldown", TimeSpan.FromSeconds(5));
        Assert.Equal(1, (int)(await healer.TargetAsync("web"))["restarts_last_hour"]!);
        Assert.Equal(1, (int)(await healer.GetAsync("/autoheal/history"))["total_in_history"]!);
        Assert.Single(Mesh.Commands);
    }

    [Fact]
    public async Task Healer_goes_on_while_Postgres_is_away_and_stores_the_journal_when_it_is_back()
    {
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("orchestrator", "healthy");
        await healer.WaitForStorageAsync("postgres");
        await Database.GoAwayAsync();

        Mesh["orchestrator"].Die();
        await healer.WaitForHistoryAsync(1);
        await healer.WaitForStorageAsync("journal");
        Assert.Equal(1, (int)(await healer.GetAsync("/autoheal/stats"))["successful"]!);

        await Database.ComeBackAsync();
        await healer.WaitForStorageAsync("postgres");
        await Eventually.True(async () => await StoredAsync() == 1, TimeSpan.FromSeconds(10), "the journal is stored");
        Assert.Equal("orchestrator", (string?)(await healer.WaitForHistoryAsync(1))[0]!["service"]);
    }

    [Fact]
    public async Task Healer_remembers_by_its_journal_when_it_is_restarted_while_Postgres_is_away()
    {
        await using (var first = await StartAsync())
        {
            await first.WaitForStateAsync("web", "healthy");
            await first.WaitForStorageAsync("postgres");
            await Database.GoAwayAsync();
            Mesh["web"].Die();
            await first.WaitForHistoryAsync(1);
        }

        await using (var second = await StartAsync())
        {
            Assert.True(second.Services.GetRequiredService<HealClock>().IsShared, "it knows Postgres' clock by the one before");
            Mesh["web"].Die();
            await Eventually.True(
                async () => (string?)(await second.TargetAsync("web"))["suppressed_by"] == "cooldown", TimeSpan.FromSeconds(10));
            await Database.ComeBackAsync();
            await Eventually.True(async () => await StoredAsync() == 1, TimeSpan.FromSeconds(10), "the journal is stored");
        }

        Assert.Single(Mesh.Commands);
    }

    [Fact]
    public async Task Heals_that_were_dated_while_Postgres_was_away_are_stored_by_its_clock()
    {
        var mark = Path.Combine(Directory.CreateDirectory(Path.Combine(Folder, "clock")).FullName, "mark.json");
        new LocalFile<ClockMark>(mark, NullLogger.Instance).Write([new(ClockMark.ThisBoot, Stopwatch.GetTimestamp(), DateTimeOffset.UtcNow.AddDays(1))]);
        await Database.GoAwayAsync();
        await using var healer = await StartAsync();
        var (now, journal) = (healer.Services.GetRequiredService<HealClock>().Shared, healer.Services.GetRequiredService<HealJournal>());
        Assert.InRange(now, DateTimeOffset.UtcNow.AddHours(23), DateTimeOffset.UtcNow.AddHours(25));
        var heal = FleetTests.Heal(now, "billing") with { Healer = healer.Services.GetRequiredService<ServiceIdentity>().Instance };
        journal.Put(heal.Ended(true, true, "Healthy again.", now), isStored: false);

        await Database.ComeBackAsync();

        await Eventually.True(
            async () => await StoredAsync("target = 'billing' and started_at between now() - interval '1 hour' and now() + interval '1 minute'") == 1,
            TimeSpan.FromSeconds(20), "it is stored as of today");
    }

    [Fact]
    public async Task Healer_closes_a_heal_that_it_did_not_live_to_see_the_end_of()
    {
        Mesh.Holds = new TaskCompletionSource();
        var first = await StartAsync();
        await first.WaitForStateAsync("web", "healthy");
        Mesh["web"].Die();
        await Eventually.True(() => !Mesh.Commands.IsEmpty, TimeSpan.FromSeconds(10));
        // As a kill leaves it: begun, and never ended.
        var copy = Directory.CreateDirectory(Path.Combine(Folder, "killed", "heals")).FullName;
        File.Copy(Path.Combine(Folder, "heals", "journal.json"), Path.Combine(copy, "journal.json"));
        await first.DisposeAsync();

        await using var second = await StartInAsync(Path.Combine(Folder, "killed"));
        var heal = (await second.WaitForHistoryAsync(1))[0]!;

        Assert.Equal("The healer ended during this heal.", (string?)heal["msg"]);
        Assert.False((bool)heal["success"]!);
        Assert.Single(Mesh.Commands);
        await Eventually.True(() => second.Events.Any(told => told.EventType == EventTypes.AutohealFailed), TimeSpan.FromSeconds(5), "whoever was told that it began is told");
        var told = second.Events.First(told => told.EventType == EventTypes.AutohealFailed);
        Assert.Equal(("web", $"{told.Payload["heal_id"]}-ended"), ((string?)told.Payload["service"], told.EventId));
    }

    [Fact]
    public async Task Healer_that_is_stopped_has_its_heals_on_record_before_it_is_gone()
    {
        Mesh.Holds = new TaskCompletionSource();
        var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");
        await healer.WaitForStorageAsync("postgres");
        Mesh["web"].Die();
        await Eventually.True(() => !Mesh.Commands.IsEmpty, TimeSpan.FromSeconds(10));

        await healer.DisposeAsync();

        Assert.Equal(1, await StoredAsync());
        var journal = await File.ReadAllTextAsync(Path.Combine(Folder, "heals", "journal.json"));
        Assert.Contains("The healer ended during this heal.", journal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_healers_of_one_mesh_restart_a_dead_service_once()
    {
        Mesh.Holds = new TaskCompletionSource();
        await using var one = await StartInAsync(Path.Combine(Folder, "one"));
        await using var other = await StartInAsync(Path.Combine(Folder, "other"));
        foreach (var healer in new[] { one, other })
        {
            await healer.WaitForStorageAsync("postgres");
            await healer.WaitForStateAsync("web", "healthy");
        }

        Mesh["web"].Die();
        await Eventually.True(() => !Mesh.Commands.IsEmpty, TimeSpan.FromSeconds(10));
        var probes = Mesh["web"].Probes;
        await Eventually.True(() => Mesh["web"].Probes > probes + 3, TimeSpan.FromSeconds(10));
        // Not even who takes the responsibility has the one heal it beside the other.
        foreach (var healer in new[] { one, other })
        {
            using var forced = await healer.RestartAsync("web", new { reason = "me too", force = true });
            Assert.Contains("(healing)", await forced.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Mesh.Holds.SetResult();
        foreach (var healer in new[] { one, other })
            await healer.WaitForHistoryAsync(1);

        Assert.Single(Mesh.Commands);
        Assert.Equal(1, await StoredAsync());
    }

    [Fact]
    public async Task Heals_of_a_healer_that_does_not_come_back_are_closed_and_told_by_another()
    {
        await using var healer = await StartAsync();
        await healer.WaitForStorageAsync("postgres");
        var lost = FleetTests.Heal(DateTimeOffset.UtcNow.AddMinutes(-10), "billing");

        await healer.Services.GetRequiredService<HealStore>().StoreAsync([lost], default);

        await Eventually.True(() => !healer.Events.IsEmpty, TimeSpan.FromSeconds(30), "it is told");
        var told = Assert.Single(healer.Events);
        Assert.Equal((EventTypes.AutohealFailed, $"{lost.Id}-ended"), (told.EventType, told.EventId));
        Assert.Equal("The healer ended during this heal.", (string?)(await healer.WaitForHistoryAsync(1))[0]!["msg"]);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("51")]
    [InlineData("-1")]
    public async Task History_is_refused_when_the_limit_is_out_of_range(string limit)
    {
        await using var healer = await StartAsync();

        using var answer = await healer.Client.GetAsync(new Uri($"/autoheal/history?limit={limit}", UriKind.Relative));

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("limit", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Healer_answers_everything_that_the_contract_names_before_anything_was_healed()
    {
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");

        Assert.Equal("""{"history":[],"total_in_history":0,"limit":10}""", (await healer.GetAsync("/autoheal/history")).ToJsonString());
        Assert.Equal(
            """{"total_attempts":0,"successful":0,"failed":0,"success_rate":0,"services":{},"most_healed":null}""",
            (await healer.GetAsync("/autoheal/stats")).ToJsonString());
        var status = await healer.GetAsync("/autoheal/status");
        Assert.Equal("""["orchestrator","web"]""", status["watching"]!.ToJsonString());
        Assert.Equal(0.2, (double)status["interval_seconds"]!);
        Assert.EndsWith("Z", (string?)status["last_report"]!["last_run"], StringComparison.Ordinal);
        Assert.Equal(
            """{"name":"web","kind":"service","state":"healthy","reason":"","consecutive_failures":0,"restarts_last_hour":0,"cooldown_until":null,"suppressed_by":null,"would":"nothing","why":"It is not down.","enrolled":true,"restarts_per_hour":3,"restarts_in_a_row":0,"cooldown_seconds":null,"next_cooldown_seconds":60}""",
            (await healer.TargetAsync("web")).ToJsonString());
        Assert.Equal(
            """{"mode":"heal","failures":2,"grace_seconds":10,"cooldown_seconds":60,"backoff_factor":1.5,"longest_cooldown_seconds":1800,"backoff_reset_seconds":600,"restarts_per_hour":3,"fleet_restarts_per_hour":10,"brake_percent":30,"brake_minimum":3}""",
            status["limits"]!.ToJsonString());
        var health = await healer.GetAsync("/health");
        Assert.Equal(("up", "auto-heal"), ((string?)health["status"], (string?)health["service"]));
        Assert.Equal("ok", (string?)(await healer.GetAsync("/ping"))["status"]);
        Assert.NotNull((await healer.GetAsync("/audit/stats"))["total_requests"]);
    }

    [Fact]
    public async Task Reading_needs_a_role_when_the_settings_say_so()
    {
        await using var healer = await StartAsync(("AUTOHEAL_REQUIRE_ROLES", "true"));

        foreach (var path in new[] { "/autoheal/status", "/autoheal/history", "/autoheal/stats", "/audit/stats" })
        {
            using var anonymous = await healer.Client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(401, (int)anonymous.StatusCode);
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("X-User-Roles", "operator");
            using var @operator = await healer.Client.SendAsync(request);
            Assert.Equal(200, (int)@operator.StatusCode);
        }
    }

    private async Task HealOnceAsync(string name)
    {
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync(name, "healthy");
        await healer.WaitForStorageAsync("postgres");
        Mesh[name].Die();
        await healer.WaitForHistoryAsync(1);
        await Eventually.True(async () => await StoredAsync() == 1, TimeSpan.FromSeconds(5));
    }
}
