using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.Tests.Mesh;

namespace AetherLink.Tests.Fuzzing;

/// <summary>What valid requests leave behind in a mesh that other tests use too, and how it is taken away again.</summary>
internal static class SharedState
{
    private static readonly string[] Roles = ["viewer", "agent", "operator", "admin"];

    /// <summary>Signs in at the gateway with each role: what the placeholders in a request's headers stand for.</summary>
    public static async Task<Dictionary<string, string>> SignInAsync(MeshFixture mesh)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var role in Roles)
        {
            var cookies = new System.Net.CookieContainer();
            var address = mesh.Client("web").BaseAddress!;
            using var handler = new SocketsHttpHandler { CookieContainer = cookies };
            using var browser = new HttpClient(handler) { BaseAddress = address };
            var nobody = await browser.GetFromJsonAsync<JsonObject>("/api/session");
            browser.DefaultRequestHeaders.Add("X-CSRF-Token", (string?)nobody!["csrf_token"]);
            using var answer = await browser.PostAsJsonAsync("/api/session", new { role });
            answer.EnsureSuccessStatusCode();
            var session = await answer.Content.ReadFromJsonAsync<JsonObject>();
            given[$"{{csrf:{role}}}"] = (string)session!["csrf_token"]!;
            given[$"{{cookie:{role}}}"] = cookies.GetCookieHeader(address);
        }

        return given;
    }

    public static async Task CleanAsync(MeshFixture mesh)
    {
        using var commandCenter = mesh.Client("command-center", "admin");
        (await commandCenter.DeleteAsync("/events/retention")).Dispose();
        var retention = await commandCenter.GetFromJsonAsync<JsonObject>("/events/retention");
        foreach (var (tenant, _) in retention!["tenants"]!.AsObject())
        {
            (await commandCenter.DeleteAsync($"/events/retention/tenants/{Uri.EscapeDataString(tenant)}")).Dispose();
        }

        var services = await commandCenter.GetFromJsonAsync<JsonObject>("/ops/services");
        foreach (var service in services!["services"]!.AsArray().Where(service => (string?)service!["source"] == "registered"))
        {
            (await commandCenter.DeleteAsync($"/ops/services/{Uri.EscapeDataString((string)service!["name"]!)}")).Dispose();
        }

        await Planted.RemoveAsync(mesh);
        using var autoHeal = mesh.Client("auto-heal", "admin");
        var windows = await autoHeal.GetFromJsonAsync<JsonObject>("/autoheal/maintenance");
        foreach (var target in windows!["windows"]!.AsArray().Select(window => (string?)window!["target"]).Distinct())
        {
            (await autoHeal.DeleteAsync($"/autoheal/maintenance?{(target is null ? "all=true" : $"target={Uri.EscapeDataString(target)}")}")).Dispose();
        }
    }
}
