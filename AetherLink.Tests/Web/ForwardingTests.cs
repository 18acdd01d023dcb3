using System.Net;
using System.Text.RegularExpressions;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.ServiceDefaults;
using AetherLink.Web.Forwarding;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AetherLink.Tests.Web;

public sealed partial class ForwardingTests : IAsyncLifetime
{
    private FakeMesh _mesh = null!;
    private Gateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _mesh = await FakeMesh.StartAsync();
        _gateway = await Gateway.StartAsync(_mesh);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _mesh.DisposeAsync();
    }

    [Fact]
    public async Task Request_arrives_with_the_person_and_the_gateways_token_and_nothing_of_the_browsers()
    {
        using var browser = await _gateway.SignInAsync("operator", "acme");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/command-center/events/recent?limit=5&text=a%20b");
        request.Headers.Add("X-Mesh-Token", "forged");
        request.Headers.Add("X-Tenant-ID", "globex");
        request.Headers.Add("X-Forwarded-For", "10.0.0.1");

        using var answer = await browser.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var asked = Assert.Single(_mesh.Requests, one => one.PathAndQuery.StartsWith("/events/recent", StringComparison.Ordinal));
        Assert.Equal("/events/recent?limit=5&text=a%20b", asked.PathAndQuery);
        Assert.Equal("operator", asked.Headers["X-User-Roles"]);
        Assert.Equal("acme", asked.Headers["X-Tenant-ID"]);
        Assert.Equal("operator@development", asked.Headers["X-User-Name"]);
        Assert.DoesNotContain("Cookie", asked.Headers.Keys);
        Assert.DoesNotContain("Authorization", asked.Headers.Keys);
        Assert.DoesNotContain("X-Forwarded-For", asked.Headers.Keys);
        Assert.Equal("web", IssuerOf(asked.Headers["X-Mesh-Token"], "command-center"));
        Assert.Equal("\"7\"", answer.Headers.ETag?.Tag);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Every_route_of_the_list_reaches_its_service_at_its_own_path()
    {
        using var browser = await _gateway.SignInAsync("admin");
        foreach (var route in ForwardedRoute.All.Where(route => route.Template is not ("/ops/services" or "/orchestrate/stream")))
        {
            using var answer = await browser.SendAsync(
                new(route.Method), Filled(route.Pattern), route.Method is "POST" or "PUT" or "PATCH" ? new { } : null);

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal((route.Method, Filled(route.Template)), (_mesh.Requests.Last().Method, _mesh.Requests.Last().PathAndQuery));
        }
    }

    [Fact]
    public async Task What_is_not_in_the_list_is_not_there()
    {
        using var browser = await _gateway.SignInAsync("admin");
        var before = _mesh.Requests.Count(one => one.PathAndQuery != "/events/stream");
        string[] methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
        string[] others =
        [
            "/ops/register", "/ops/services/web", "/events/stream", "/events/retention", "/audit/stats", "/metrics", "/openapi/v1.json",
            "/autoheal/maintenance", "/alerts/webhooks/one/secret", "/tenant-analytics/summary", "/alerts/evaluate", "/ping", "/health", "", "/", "/events/recent/", "/events/schema/a/b", "/events/recent/../stats/x",
        ];
        var known = ForwardedRoute.All.Select(route => Filled(route.Template));
        foreach (var service in ForwardedRoute.Services.Append("postgres").Append("web"))
            foreach (var path in known.Concat(others).Distinct())
                foreach (var method in methods.Where(method => !IsAllowed(service, method, path)))
                {
                    using var answer = await browser.SendAsync(new(method), $"/api/{service}{path}");
                    Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{method} /api/{service}{path} is {(int)answer.StatusCode}");
                }

        Assert.Equal(before, _mesh.Requests.Count(one => one.PathAndQuery != "/events/stream"));
    }

    [Theory]
    [InlineData("%252e%252e", "/events/schema/%252e%252e")]
    [InlineData("a%2Fb", "/events/schema/a%252Fb")]
    [InlineData("a%3Fb%23", "/events/schema/a%3Fb%23")]
    public async Task Value_in_a_path_stays_one_segment_however_it_is_encoded(string value, string expected)
    {
        using var browser = await _gateway.SignInAsync("admin");

        using var answer = await browser.GetAsync($"/api/command-center/events/schema/{value}");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(expected, _mesh.Requests.Last().PathAndQuery);
    }

    [Theory]
    [InlineData(null, "GET", "/api/command-center/ops/health", 401)]
    [InlineData("viewer", "GET", "/api/command-center/ops/health", 403)]
    [InlineData("agent", "GET", "/api/command-center/events/recent", 403)]
    [InlineData("viewer", "POST", "/api/orchestrator/orchestrate", 403)]
    [InlineData("agent", "GET", "/api/events/stream", 403)]
    public async Task Role_decides_before_anything_is_forwarded(string? role, string method, string path, int status)
    {
        using var browser = role is null ? _gateway.Open() : await _gateway.SignInAsync(role);

        using var answer = await browser.SendAsync(new(method), path);

        await answer.AssertProblemAsync(status);
        Assert.DoesNotContain(_mesh.Requests, one => one.PathAndQuery != "/events/stream");
    }

    [Theory]
    [InlineData("/api/command-center/ops/health", "web")]
    [InlineData("/api/events/stream", "auto-heal")]
    public async Task Gateway_knows_sessions_and_no_tokens(string path, string service)
    {
        var tokens = new MeshTokens(ToyApp.MeshKey, service, TimeProvider.System);
        string[] given = [tokens.Issue("web", [Scopes.EventsRead, Scopes.MeshRead]), tokens.IssueFor("web", new Caller("ada", ["admin"], null, IsService: false))];
        foreach (var token in given)
        {
            using var browser = _gateway.Open();
            browser.Http.DefaultRequestHeaders.Authorization = new("Bearer", token);

            using var answer = await browser.GetAsync(path);
            await answer.AssertProblemAsync(401);

            browser.Http.DefaultRequestHeaders.Add("X-User-Roles", "operator");
            using var withRoles = await browser.GetAsync(path);
            await withRoles.AssertProblemAsync(401);
        }
        Assert.DoesNotContain(_mesh.Requests, one => one.PathAndQuery != "/events/stream");
    }

    [Fact]
    public async Task Answer_that_streams_arrives_as_it_comes()
    {
        using var browser = await _gateway.SignInAsync("agent");

        using var answer = await browser.SendAsync(HttpMethod.Post, "/api/orchestrator/orchestrate/stream", new { intent = "extract-lead" });
        using var body = new StreamReader(await answer.Content.ReadAsStreamAsync());

        Assert.Equal("event: delta", await body.ReadLineAsync().WaitAsync(Gateway.Soon));
        _mesh.SecondPiece.SetResult();
        Assert.EndsWith("data: two\n\n", await body.ReadToEndAsync().WaitAsync(Gateway.Soon), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_an_answer_does_not_look_like_a_whole_one()
    {
        using var browser = await _gateway.SignInAsync("operator");
        await Assert.ThrowsAnyAsync<Exception>(() => browser.Http.GetStringAsync("/api/command-center/ops/services"));
    }

    [Fact]
    public async Task Body_over_the_limit_is_a_413_and_not_forwarded()
    {
        using var browser = await _gateway.SignInAsync("operator");

        using var answer = await browser.SendAsync(
            HttpMethod.Post, "/api/command-center/events/publish", new { payload = new string('x', 200 * 1024) });

        await answer.AssertProblemAsync(413);
    }

    [Fact]
    public async Task Service_that_is_away_is_a_503_that_says_when_to_come_back()
    {
        using var browser = await _gateway.SignInAsync("operator");
        await _mesh.DisposeAsync();

        using var answer = await browser.GetAsync("/api/auto-heal/autoheal/history");

        var problem = await answer.AssertProblemAsync(503);
        Assert.Contains("auto-heal", problem.Detail(), StringComparison.Ordinal);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    private static bool IsAllowed(string service, string method, string path) => ForwardedRoute.All.Any(route =>
        route.Service == service && route.Method == method
        && Regex.IsMatch(path.TrimEnd('/'), $"^{Parameter().Replace(route.Template, "[^/]+")}$", RegexOptions.IgnoreCase));

    private static string Filled(string template) => Parameter().Replace(template, "lead.created");

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    private static string? IssuerOf(string token, string audience)
    {
        var result = new JsonWebTokenHandler().ValidateToken(token, MeshTokens.Validation(ToyApp.MeshKey, audience));
        Assert.True(result.IsValid, "The token is not good for the service.");
        return result.ClaimsIdentity.FindFirst("iss")?.Value;
    }
}
