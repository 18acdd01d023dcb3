using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.Access;
using AetherLink.Tests.Web;
using Aspire.Hosting.Testing;

namespace AetherLink.Tests.Mesh;

/// <summary>What the whole mesh writes, held against every secret of it; the fixture looks once more when all tests are over.</summary>
[Collection(SharedMesh.Name)]
public sealed class SecretsTests(MeshFixture mesh)
{
    [Fact]
    public async Task No_log_and_no_answer_shows_a_secret_or_a_token()
    {
        var secrets = new Dictionary<string, string>(await MeshLogs.SecretsAsync(mesh.Application), StringComparer.Ordinal);
        Assert.Contains("mesh-key", secrets.Keys);
        Assert.Contains("postgres-password", secrets.Keys);
        var answers = new List<string>();
        using var admin = mesh.Client("command-center", "admin", $"t-{Guid.NewGuid():N}");

        using (var made = await admin.PostAsJsonAsync("/alerts/webhooks", new { url = "https://receiver.example/hook/part-of-the-secret" }))
        {
            secrets["the webhook's url"] = "part-of-the-secret";
            if ((string?)JsonNode.Parse(await made.Content.ReadAsStringAsync())?["secret"] is { } secret)
            {
                secrets["the webhook's secret"] = secret;
            }
        }
        // What a browser holds, and what an issuer would give: also where nobody knows the issuer.
        using var browser = new Browser(mesh.Application.GetEndpoint("web", "http"));
        using (var signedIn = await browser.SendAsync(HttpMethod.Post, "/api/session", new { role = "operator", tenant_id = "acme" }))
        {
            signedIn.EnsureSuccessStatusCode();
        }
        secrets["the anti-forgery token"] = browser.Token!;
        foreach (System.Net.Cookie cookie in browser.Cookies.GetAllCookies())
        {
            secrets[$"the cookie {cookie.Name}"] = cookie.Value;
        }
        Assert.Contains("the cookie aetherlink.session", secrets.Keys);
        answers.Add(await browser.Http.GetStringAsync("/api/command-center/ops/health"));
        var person = IssuerKey.Make("somebody's").Sign(new JsonObject { ["iss"] = "https://issuer.example", ["sub"] = "ada", ["roles"] = new JsonArray("admin") });
        secrets["a person's token"] = person;
        answers.Add(await admin.GetStringAsync("/alerts/webhooks"));
        answers.Add(await admin.GetStringAsync("/audit/operator"));
        foreach (var service in MeshFixture.Services)
        {
            using var client = mesh.Client(service);
            var token = new MeshTokens(secrets["mesh-key"], "tests", TimeProvider.System).Issue(service, [Scopes.MeshRead]);
            secrets[$"the token for {service}"] = token;
            foreach (var given in (string[])[token, $"{token}x", person])
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
            answers.Add(await client.GetStringAsync("/metrics"));
            answers.Add(await client.GetStringAsync("/health"));
        }

        Assert.DoesNotContain(answers, answer => secrets.Values.Any(secret => answer.Contains(secret, StringComparison.Ordinal)));
        // A log that has nothing to say would prove nothing.
        await Eventually.True(() => mesh.Logs.Has("/no/such/path"), TimeSpan.FromSeconds(10), "the requests are in the logs");
        Assert.Empty(mesh.Logs.Showing(secrets));
    }
}
