using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.Access;
using AetherLink.Tests.Web;
using Aspire.Hosting.Testing;

namespace AetherLink.Tests.Mesh;

/// <summary>What the whole mesh writes and answers, held against every secret of it; the fixture looks once more when all tests are over.</summary>
[Collection(SharedMesh.Name)]
public sealed class SecretsTests(MeshFixture mesh)
{
    [Fact]
    public async Task No_log_and_no_answer_shows_a_secret_or_a_token()
    {
        var answers = new List<string>();
        await UseWebhookAsync(answers);
        await UseProvidersAsync(answers);
        await UseTokensAsync(answers);
        await UseBrowserAsync(answers);
        using var operators = mesh.Client("command-center", "admin");
        foreach (var path in (string[])["/audit/operator", "/events/recent?limit=500", "/ops/ai/calls", "/ops/services", "/ops/health"])
        {
            answers.Add(await operators.GetStringAsync(path));
        }
        foreach (var service in MeshFixture.Services)
        {
            using var client = mesh.Client(service, "admin");
            foreach (var path in (string[])["/metrics", "/health", "/ping", "/openapi/v1.json", "/audit/endpoints"])
            {
                answers.Add(await client.GetStringAsync(path));
            }
        }

        Assert.Empty(mesh.Secrets.Where(secret => answers.Exists(answer => answer.Contains(secret.Value, StringComparison.Ordinal))).Select(secret => secret.Key));
        // A log that has nothing to say would prove nothing.
        await Eventually.True(() => mesh.Logs.Has("/no/such/path") && mesh.Logs.Has("orchestrator", "POST /orchestrate 200"), TimeSpan.FromSeconds(10), "the requests are in the logs");
        Assert.Empty(mesh.Logs.Showing(mesh.Secrets));
    }

    /// <summary>What is looked for is what the processes have, and not what they might have had.</summary>
    [Fact]
    public void Secrets_that_are_looked_for_are_those_that_the_services_run_with()
    {
        var given = MeshFixture.Services.Zip((string[])["AetherLink.CommandCenter", "AetherLink.Orchestrator", "AetherLink.AutoHeal", "AetherLink.Web"])
            .ToDictionary(service => service.First, service => MeshProcesses.EnvironmentOf(mesh.ProcessOf(service.Second)));

        Assert.All(given.Values, environment => Assert.Equal(mesh.Secrets["mesh-key"], environment["MESH_KEY"]));
        Assert.All(given.Values, environment => Assert.Equal($"admin:{mesh.Secrets["grafana-admin-password"]}", environment["GRAFANA_API_KEY"]));
        Assert.Equal(mesh.Secrets["anthropic-api-key"], given["orchestrator"]["ANTHROPIC_API_KEY"]);
        Assert.Equal(mesh.Secrets["openai-api-key"], given["orchestrator"]["OPENAI_API_KEY"]);
        Assert.All(
            ["command-center", "orchestrator", "auto-heal"],
            service => Assert.Contains($"Password={mesh.Secrets["postgres-password"]}", given[service]["ConnectionStrings__aetherlink"], StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(mesh.Secrets, secret => secret.Value.Length < 16);
        // As they travel: by basic authentication.
        Assert.Contains("grafana-admin-password, encoded", mesh.Secrets.Keys);
    }

    /// <summary>Its address and both its secrets; an attempt that fails is told of.</summary>
    private async Task UseWebhookAsync(List<string> answers)
    {
        using var admin = mesh.Client("command-center", "admin", $"t-{Guid.NewGuid():N}");
        var part = mesh.Secrets["a webhook's address"] = $"part-{Guid.NewGuid():N}";
        using var made = await admin.PostAsJsonAsync("/alerts/webhooks", new { url = $"https://localhost:1/hook/{part}" });
        var webhook = await SecretOfAsync("a webhook's secret", made);
        using var rotated = await admin.PostAsync($"/alerts/webhooks/{webhook}/rotate-secret", null);
        await SecretOfAsync("a webhook's second secret", rotated);
        using var tried = await admin.PostAsync($"/alerts/webhooks/{webhook}/test", null);
        answers.Add(await tried.Content.ReadAsStringAsync());
        answers.Add(await admin.GetStringAsync("/alerts/webhooks"));
        answers.Add(await admin.GetStringAsync("/audit/operator"));
    }

    private async Task<string> SecretOfAsync(string name, HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        var body = JsonNode.Parse(text)!;
        mesh.Secrets[name] = (string)body["secret"]!;
        return (string?)(body["webhook"] ?? body)["id"] ?? "";
    }

    /// <summary>Both refuse the key, and repeat it in their refusal.</summary>
    private async Task UseProvidersAsync(List<string> answers)
    {
        var tenant = $"t-{Guid.NewGuid():N}";
        using var agent = mesh.Client("orchestrator", "operator", tenant);
        foreach (var path in (string[])["/orchestrate", "/orchestrate/stream"])
        {
            using var asked = await agent.PostAsJsonAsync(path, new { intent = "extract-lead", tenant_id = tenant, payload = new { raw_text = $"I am Jane Doe of {tenant}." } });
            answers.Add(await asked.Content.ReadAsStringAsync());
        }
        var health = await agent.GetStringAsync("/providers/health");
        answers.Add(health);
        foreach (var provider in (string[])["claude", "openai"])
        {
            Assert.Contains("HTTP 401", (string?)JsonNode.Parse(health)![provider]!["last_error"], StringComparison.Ordinal);
        }
    }

    /// <summary>Of services and of people, good and bad, where they belong and where not.</summary>
    private async Task UseTokensAsync(List<string> answers)
    {
        var stranger = IssuerKey.Make("somebody's").Sign(new JsonObject { ["iss"] = "https://issuer.example", ["sub"] = "ada", ["roles"] = new JsonArray("admin") });
        mesh.Secrets["a stranger's token"] = stranger;
        var person = mesh.Secrets["a person's token"] = mesh.Issuer.For("operator");
        foreach (var service in MeshFixture.Services)
        {
            using var client = mesh.Client(service);
            var token = new MeshTokens(mesh.Secrets["mesh-key"], "tests", TimeProvider.System).Issue(service, [Scopes.MeshRead]);
            mesh.Secrets[$"a token for {service}"] = token;
            foreach (var given in (string[])[token, $"{token}x", stranger, person])
            {
                foreach (var path in (string[])["/audit/stats", "/no/such/path", "/ping", "/audit/stats?limit=x"])
                {
                    using var request = new HttpRequestMessage(HttpMethod.Get, path);
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", given);
                    request.Headers.Add("X-Mesh-Token", given);
                    using var answer = await client.SendAsync(request);
                    answers.Add(await answer.Content.ReadAsStringAsync());
                }
            }
        }
    }

    /// <summary>What a browser holds.</summary>
    private async Task UseBrowserAsync(List<string> answers)
    {
        using var browser = new Browser(mesh.Application.GetEndpoint("web", "http"));
        using (var signedIn = await browser.SendAsync(HttpMethod.Post, "/api/session", new { role = "operator", tenant_id = "acme" }))
        {
            signedIn.EnsureSuccessStatusCode();
        }
        mesh.Secrets["an anti-forgery token"] = browser.Token!;
        foreach (System.Net.Cookie cookie in browser.Cookies.GetAllCookies())
        {
            mesh.Secrets[$"the cookie {cookie.Name}"] = cookie.Value;
        }
        Assert.Contains("the cookie aetherlink.session", mesh.Secrets.Keys);
        answers.Add(await browser.Http.GetStringAsync("/api/command-center/ops/health"));
    }
}
