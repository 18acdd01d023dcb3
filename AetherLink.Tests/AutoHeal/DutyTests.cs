using System.Net;
using AetherLink.AutoHeal.Healing;
using AetherLink.AutoHeal.Storage;
using AetherLink.Tests.CommandCenter.Insights;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AetherLink.Tests.AutoHeal;

/// <summary>Who acts while Postgres, where replicas agree, is away.</summary>
public sealed class DutyTests() : HealerTest("web")
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Of_two_healers_that_see_a_death_in_one_moment_while_Postgres_is_away_the_one_on_duty_heals()
    {
        Mesh.Holds = new TaskCompletionSource();
        await using var one = await StartInAsync(Path.Combine(Folder, "one"));
        await one.WaitForStorageAsync("postgres");
        await using var other = await StartInAsync(Path.Combine(Folder, "other"));
        await other.WaitForStorageAsync("postgres");
        foreach (var healer in (HealerHost[])[one, other])
        {
            await healer.WaitForStateAsync("web", "healthy");
        }
        await Database.GoAwayAsync();
        await one.WaitForStorageAsync("journal");
        await other.WaitForStorageAsync("journal");

        Mesh["web"].Die();

        await Eventually.True(() => !Mesh.Commands.IsEmpty, Soon, "the one on duty acts");
        await Eventually.True(async () => (string?)(await other.TargetAsync("web"))["suppressed_by"] == "off_duty", Soon, "the other says why it does not");
        Assert.Equal("hold_back", (string?)(await other.TargetAsync("web"))["would"]);
        using (var refused = await other.RestartAsync("web", new { reason = "me too" }))
        {
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.Contains("another replica is on duty", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Mesh.Holds.SetResult();
        await one.WaitForHistoryAsync(1);
        await other.WaitForStateAsync("web", "healthy");
        Assert.Equal(["start web"], Mesh.Commands);
    }

    [Fact]
    public async Task Healer_on_duty_counts_what_the_others_had_restarted_before_Postgres_went_away()
    {
        await using var healer = await StartAsync(("AUTOHEAL_COOLDOWN_SECONDS", "60"));
        await healer.WaitForStorageAsync("postgres");
        await healer.WaitForStateAsync("web", "healthy");
        var anothers = FleetTests.Heal(DateTimeOffset.UtcNow, "web");
        await healer.Services.GetRequiredService<HealStore>().StoreAsync([anothers.Ended(true, true, "Healthy again.", anothers.StartedAt)], default);
        await Eventually.True(async () => (int)(await healer.TargetAsync("web"))["restarts_last_hour"]! == 1, Soon, "it has heard of it");
        await Database.GoAwayAsync();

        Mesh["web"].Die();

        await Eventually.True(async () => (string?)(await healer.TargetAsync("web"))["suppressed_by"] == "cooldown", Soon, "it was restarted just now");
        Assert.Empty(Mesh.Commands);
    }

    [Fact]
    public async Task Healer_that_says_nothing_for_a_while_is_relieved_and_knows_it()
    {
        await using var healer = await StartAsync();
        await healer.WaitForStorageAsync("postgres");
        var (duty, store) = (healer.Services.GetRequiredService<Duty>(), healer.Services.GetRequiredService<HealStore>());
        var (source, another) = (healer.Services.GetRequiredService<NpgsqlDataSource>(), Guid.NewGuid());
        Assert.Null(duty.WhyNot);
        Assert.False(await store.TakeDutyAsync(another, default));

        // The healer itself says something each second: whoever is to relieve it has to be quicker.
        await Eventually.True(
            async () =>
            {
                await source.ExecuteAsync("update auto_heal.duty set at = at - interval '11 seconds'");
                return await store.TakeDutyAsync(another, default);
            },
            Soon, "it is relieved");

        await Eventually.True(() => duty.WhyNot is not null, Soon, "it knows");
        Assert.True(await store.TakeDutyAsync(another, default), "who is on duty stays so");
    }
}
