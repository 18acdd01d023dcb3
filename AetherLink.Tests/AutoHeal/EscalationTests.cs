using AetherLink.LoadGenerator.Running;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.AutoHeal.Docker;

namespace AetherLink.Tests.AutoHeal;

/// <summary>A target that was given up stays a person's, whatever becomes of the healer.</summary>
public sealed class EscalationTests() : HealerTest("web")
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private static readonly (string, string)[] OneRestart =
        [("AUTOHEAL_HOURLY_LIMIT", "1"), ("AUTOHEAL_COOLDOWN_SECONDS", "1"), ("AUTOHEAL_VERIFY_SECONDS", "1"), ("AUTOHEAL_INTERVAL_SECONDS", "0.2")];

    /// <summary>Without the memory of it these would restart it again.</summary>
    private static readonly (string, string)[] FourMore =
        [("AUTOHEAL_HOURLY_LIMIT", "5"), ("AUTOHEAL_COOLDOWN_SECONDS", "1"), ("AUTOHEAL_VERIFY_SECONDS", "1"), ("AUTOHEAL_INTERVAL_SECONDS", "0.2")];

    [Fact]
    public async Task Container_that_was_given_up_stays_so_when_the_healer_is_killed_and_started_elsewhere_until_it_is_well()
    {
        await using var engine = await FakeEngine.StartAsync(Socket);
        engine.Add("looping").Health = "unhealthy";
        engine.Restarted = container => container.Health = "unhealthy";
        using (var first = HealerProcess.Start(Database.ConnectionString, Folder, $"unix://{Socket}", OneRestart))
        {
            await first.WaitForStateAsync("looping", "escalated");
            await Eventually.True(async () => await StoredAsync("escalated_at is not null") == 1, Soon, "Postgres knows");
            first.Kill();
        }

        await using var second = await StartInAsync(Directory.CreateDirectory(Path.Combine(Folder, "elsewhere")).FullName, [("DOCKER_HOST", $"unix://{Socket}"), .. FourMore]);
        await second.WaitForStateAsync("looping", "escalated");
        await Eventually.True(async () => (string?)(await second.TargetAsync("looping"))["suppressed_by"] == "escalated", Soon, "nothing else holds it back");
        Assert.Equal("hold_back", (string?)(await second.TargetAsync("looping"))["would"]);
        Assert.Single(engine.Restarts);
        Assert.DoesNotContain(second.Events, one => one.Payload["escalated"] is not null);

        engine.Turn("looping", "healthy");
        await second.WaitForStateAsync("looping", "healthy");
        await Eventually.True(async () => await StoredAsync("escalated_at is not null") == 0, Soon, "the mark is taken back");
        engine.Restarted = _ => { };
        engine.Turn("looping", "unhealthy");
        await second.WaitForHistoryAsync(2);
        Assert.Equal(2, engine.Restarts.Count);
    }

    [Fact]
    public async Task Service_that_was_given_up_while_Postgres_was_away_stays_so_by_the_journal()
    {
        Mesh.Revives = false;
        await using (var first = await StartAsync(OneRestart))
        {
            await first.WaitForStateAsync("web", "healthy");
            await first.WaitForStorageAsync("postgres");
            await Database.GoAwayAsync();
            Mesh["web"].Die();
            await first.WaitForStateAsync("web", "escalated");
        }

        await using (var second = await StartAsync(FourMore))
        {
            await second.WaitForStateAsync("web", "escalated");
            await Database.ComeBackAsync();
            await Eventually.True(async () => await StoredAsync("escalated_at is not null") == 1, Soon, "Postgres knows");
        }

        Assert.Single(Mesh.Commands);
    }

    [Fact]
    public async Task Two_healers_of_one_mesh_give_a_service_up_once()
    {
        Mesh.Revives = false;
        await using var one = await StartInAsync(Path.Combine(Folder, "one"), OneRestart);
        await using var other = await StartInAsync(Path.Combine(Folder, "other"), OneRestart);
        foreach (var healer in new[] { one, other })
        {
            await healer.WaitForStorageAsync("postgres");
            await healer.WaitForStateAsync("web", "healthy");
        }

        Mesh["web"].Die();
        await one.WaitForStateAsync("web", "escalated");
        await other.WaitForStateAsync("web", "escalated");

        var probes = Mesh["web"].Probes;
        await Eventually.True(() => Mesh["web"].Probes > probes + 4, Soon);
        Assert.Single(one.Events.Concat(other.Events), told => told.EventType == EventTypes.AutohealFailed && told.Payload["escalated"] is not null);
        Assert.Single(Mesh.Commands);
    }
}
