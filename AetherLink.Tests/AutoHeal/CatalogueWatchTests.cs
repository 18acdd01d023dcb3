using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace AetherLink.Tests.AutoHeal;

/// <summary>What the Command Center's catalogue names, or what others need, is watched, and never restarted.</summary>
public sealed class CatalogueWatchTests() : HealerTest("web")
{
    [Fact]
    public async Task Healer_watches_what_the_catalogue_names_and_restarts_only_what_is_enrolled()
    {
        await using var billing = await FakeService.StartAsync("billing");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var commandCenter = builder.Build();
        var isListed = true;
        (string, string)[] services = [("billing", billing.Url), ("web", "http://127.0.0.1:1"), ("database", "connectionstring:aetherlink"), ("files", "file:///etc")];
        commandCenter.MapGet("/ops/services", () => new
        {
            services = services.Where(one => isListed || one.Item1 != "billing")
                .Select(one => new { name = one.Item1, health_url = one.Item2 + "/alive" }),
        });
        await commandCenter.StartAsync();
        await using var healer = await StartAsync(
            ("AUTOHEAL_PULL_FROM_REGISTRY", "true"), ("COMMAND_CENTER_URL", commandCenter.Urls.First()), ("AUTOHEAL_GRACE_SECONDS", "0"));
        await Eventually.True(
            async () => (await healer.GetAsync("/autoheal/status"))["watching"]!.ToJsonString() == """["billing","web"]""", TimeSpan.FromSeconds(30));
        await healer.WaitForStateAsync("billing", "healthy");
        await healer.WaitForStateAsync("web", "healthy");

        billing.Die();

        await healer.WaitForStateAsync("billing", "down");
        var target = await healer.TargetAsync("billing");
        Assert.Equal(("not_enrolled", "hold_back", false), ((string?)target["suppressed_by"], (string?)target["would"], (bool)target["enrolled"]!));
        Assert.Equal(0, (int)(await healer.GetAsync("/autoheal/status"))["fleet"]!["down"]!);
        Assert.Empty(Mesh.Commands);
        isListed = false;
        await Eventually.True(
            async () => (await healer.GetAsync("/autoheal/status"))["watching"]!.ToJsonString() == """["web"]""", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task What_the_enrolled_need_is_watched_and_they_are_left_alone_while_it_is_down()
    {
        await using var store = await FakeService.StartAsync("store");
        await using var healer = await StartAsync(
            ("AUTOHEAL_DEPENDENCIES", """{"web":["store"]}"""), ("AUTOHEAL_HEALTH_ENDPOINTS", $$"""{"store":"{{store.Url}}/alive"}"""), ("AUTOHEAL_GRACE_SECONDS", "0"));
        await healer.WaitForStateAsync("store", "healthy");
        await healer.WaitForStateAsync("web", "healthy");

        store.Die();
        await healer.WaitForStateAsync("store", "down");
        Mesh["web"].Die();

        await Eventually.True(async () => (string?)(await healer.TargetAsync("web"))["suppressed_by"] == "dependency:store", TimeSpan.FromSeconds(10));
        Assert.Equal("not_enrolled", (string?)(await healer.TargetAsync("store"))["suppressed_by"]);
        Assert.Empty(Mesh.Commands);
        store.Revive();
        await healer.WaitForHistoryAsync(1);
        Assert.Equal(["start web"], Mesh.Commands);
    }
}
