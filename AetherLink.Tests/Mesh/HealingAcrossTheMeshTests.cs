using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AetherLink.Tests.Mesh;

[Collection(SharedMesh.Name)]
public sealed class HealingAcrossTheMeshTests(MeshFixture mesh)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    /// <summary>Within ten seconds, by what the test command's demo measures when nothing else runs.</summary>
    [Fact]
    public async Task A_killed_orchestrator_is_healthy_again_by_itself_and_the_heal_is_on_record()
    {
        using var autoHeal = mesh.Client("auto-heal");
        using var commandCenter = mesh.Client("command-center", "operator");
        using var orchestrator = mesh.Client("orchestrator");
        await Eventually.True(() => IsSeenWell(autoHeal, "orchestrator"), Soon, "the healer has seen it well, and its grace is over with that");

        mesh.ProcessOf("AetherLink.Orchestrator").Kill();
        await Eventually.True(async () => !await IsWell(orchestrator), Soon, "the orchestrator is gone");
        await Eventually.True(() => IsWell(orchestrator), Soon, "the orchestrator is back");

        await IsOnRecord(autoHeal, commandCenter, "orchestrator");
    }

    /// <summary>The healer goes on from memory and its journal while what it writes to is what it heals.</summary>
    [Fact]
    public async Task A_killed_Postgres_is_started_again_and_the_heal_is_stored_in_it_afterwards()
    {
        using var autoHeal = mesh.Client("auto-heal");
        using var commandCenter = mesh.Client("command-center", "operator");
        await Eventually.True(() => IsSeenWell(autoHeal, "postgres"), Soon, "the healer has seen it well");
        var before = MeshProcesses.Of("postgres", mesh.Folder).Select(process => process.Id).ToHashSet();
        Assert.NotEmpty(before);

        foreach (var process in MeshProcesses.Of("postgres", mesh.Folder))
            process.Kill();

        await Eventually.True(() => IsHealed(autoHeal, "postgres"), Soon, "the heal is in the history");
        await Eventually.True(async () => (string?)(await autoHeal.GetFromJsonAsync<JsonObject>("/health"))!["storage"] == "postgres", Soon, "heals are stored");
        await Eventually.True(() => IsWell(commandCenter), Soon, "the Command Center is well, which it is not without Postgres");
        await IsOnRecord(autoHeal, commandCenter, "postgres");
        Assert.Empty(before.Intersect(MeshProcesses.Of("postgres", mesh.Folder).Select(process => process.Id)));
    }

    [Fact]
    public async Task What_is_registered_watched_and_healed_is_reconciled_by_the_Command_Center()
    {
        using var commandCenter = mesh.Client("command-center", "operator");
        JsonObject? view = null;
        await Eventually.True(
            async () => (view = await commandCenter.GetFromJsonAsync<JsonObject>("/ops/reconciliation"))!["services"]!.AsArray()
                .Count(service => (bool)service!["registered"]! && (bool)service["monitored"]!) >= MeshFixture.Services.Length,
            Soon, "all services are probed");

        Assert.Equal("complete", (string?)view!["status"]);
        bool? Healed(string name) => (bool?)view["services"]!.AsArray().Single(service => (string?)service!["name"] == name)!["healed"];
        Assert.Equal((true, true, true, true, false), (Healed("command-center"), Healed("orchestrator"), Healed("web"), Healed("postgres"), Healed("auto-heal")));
        Assert.Contains("postgres is watched by AutoHeal and is not in the catalogue.", view["gaps"]!.AsArray().Select(gap => (string?)gap));
    }

    [Fact]
    public async Task Service_that_is_slow_to_start_has_a_minute_before_it_is_restarted_for_it()
    {
        using var autoHeal = mesh.Client("auto-heal", "operator");

        var status = await autoHeal.GetFromJsonAsync<JsonObject>("/autoheal/status");

        Assert.Equal(60, (double)status!["limits"]!["grace_seconds"]!);
    }

    private static async Task IsOnRecord(HttpClient autoHeal, HttpClient commandCenter, string target)
    {
        await Eventually.True(() => IsHealed(autoHeal, target), Soon, "the heal is in the history");
        await Eventually.True(
            async () => (await commandCenter.GetFromJsonAsync<JsonObject>("/events/recent?event_type=autoheal.succeeded"))!["events"]!.AsArray()
                .Any(told => (string?)told!["payload"]!["service"] == target),
            Soon, "the heal is an event");
    }

    private static async Task<bool> IsHealed(HttpClient autoHeal, string target) =>
        (await autoHeal.GetFromJsonAsync<JsonObject>("/autoheal/history?limit=50"))!["history"]!.AsArray()
            .Any(heal => (string?)heal!["service"] == target && (bool)heal["verified"]!);

    private static async Task<bool> IsSeenWell(HttpClient autoHeal, string target)
    {
        var status = await autoHeal.GetFromJsonAsync<JsonObject>("/autoheal/status");
        return status!["targets"]!.AsArray().Any(seen => (string?)seen!["name"] == target && (string?)seen["state"] == "healthy");
    }

    private static async Task<bool> IsWell(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync("/health");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
