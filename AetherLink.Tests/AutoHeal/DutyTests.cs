using System.Net;
using AetherLink.AutoHeal.Healing;
using AetherLink.AutoHeal.Storage;
using AetherLink.Tests.CommandCenter.Insights;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AetherLink.Tests.AutoHeal;

/// <summary>Who acts while Postgres, where replicas agree, is away.</summary>
public sealed class DutyTests() : HealerTest("web")
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

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
        Assert.Null(await store.TakeDutyAsync(another, default));
        await Eventually.True(() => duty.HasOthers, Soon, "it knows that there is another");

        // The healer itself says something each second: whoever is to relieve it has to be quicker.
        await Eventually.True(
            async () =>
            {
                await source.ExecuteAsync("update auto_heal.duty set at = at - interval '11 seconds'");
                return await store.TakeDutyAsync(another, default) is not null;
            },
            Soon, "it is relieved");

        await Eventually.True(() => duty is { HasOthers: false, WhyNot: not null }, Soon, "it knows");
        Assert.NotNull(await store.TakeDutyAsync(another, default));
    }

    [Fact]
    public async Task Healer_on_duty_leaves_it_to_the_others_as_long_as_the_Command_Center_reaches_the_Postgres_that_it_has_lost()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var commandCenter = builder.Build();
        var status = 200;
        commandCenter.MapGet("/healthz", () => Results.StatusCode(status));
        await commandCenter.StartAsync();
        var address = ("COMMAND_CENTER_URL", commandCenter.Urls.First());
        await using var one = await StartInAsync(Path.Combine(Folder, "one"), address);
        await one.WaitForStorageAsync("postgres");
        await using var other = await StartInAsync(Path.Combine(Folder, "other"), address);
        await other.WaitForStorageAsync("postgres");
        await one.WaitForStateAsync("web", "healthy");
        await Eventually.True(() => one.Services.GetRequiredService<Duty>().HasOthers, Soon, "it knows that there is another");
        await Database.GoAwayAsync();
        await one.WaitForStorageAsync("journal");

        Mesh["web"].Die();

        await Eventually.True(
            async () => (string?)(await one.TargetAsync("web"))["why"] == "Postgres is away from here alone: the Command Center reaches it, and so may the other replicas.",
            Soon, "it leaves it to the other");
        Assert.Equal("off_duty", (string?)(await one.TargetAsync("web"))["suppressed_by"]);
        Assert.Empty(Mesh.Commands);
        status = 503;
        await Eventually.True(() => !Mesh.Commands.IsEmpty, Soon, "nobody reaches it, and who is on duty acts");
    }
}
