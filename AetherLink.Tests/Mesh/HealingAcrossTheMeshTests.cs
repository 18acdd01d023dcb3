using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AetherLink.Tests.Mesh;

[Collection(SharedMesh.Name)]
public sealed class HealingAcrossTheMeshTests(MeshFixture mesh)
{
    [Fact]
    public async Task A_killed_orchestrator_is_healthy_again_within_ten_seconds_and_the_heal_is_on_record()
    {
        using var autoHeal = mesh.Client("auto-heal");
        using var commandCenter = mesh.Client("command-center", "operator");
        using var orchestrator = mesh.Client("orchestrator");
        await Eventually.True(() => GraceIsOver(autoHeal), TimeSpan.FromSeconds(60), "the orchestrator's start-up grace is over");

        var watch = Stopwatch.StartNew();
        mesh.ProcessOf("AetherLink.Orchestrator").Kill();
        await Eventually.True(async () => !await IsAlive(orchestrator), TimeSpan.FromSeconds(5), "the orchestrator is gone");
        await Eventually.True(() => IsAlive(orchestrator), TimeSpan.FromSeconds(20), "the orchestrator is back");
        var outage = watch.Elapsed;

        await Eventually.True(() => Has(autoHeal, "/autoheal/history", "\"orchestrator\""), TimeSpan.FromSeconds(20), "the heal is in the history");
        await Eventually.True(
            () => Has(commandCenter, "/events/recent?event_type=autoheal.succeeded", "\"orchestrator\""),
            TimeSpan.FromSeconds(20), "the heal is an event");
        Assert.InRange(outage, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    private static async Task<bool> GraceIsOver(HttpClient autoHeal)
    {
        var status = await autoHeal.GetFromJsonAsync<JsonObject>("/autoheal/status");
        return status!["targets"]!.AsArray().Any(target =>
            (string?)target!["name"] == "orchestrator" && (string?)target["suppressed_by"] is null);
    }

    private static async Task<bool> IsAlive(HttpClient client)
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

    private static async Task<bool> Has(HttpClient client, string path, string text) =>
        (await client.GetStringAsync(path)).Contains(text, StringComparison.Ordinal);

}
