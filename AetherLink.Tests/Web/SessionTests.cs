using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AetherLink.Tests.ServiceDefaults;

namespace AetherLink.Tests.Web;

public sealed class SessionTests : IAsyncLifetime
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
    public async Task Session_names_the_person_after_the_sign_in_and_nobody_after_the_sign_out()
    {
        using var browser = await _gateway.SignInAsync("agent", "globex");

        var session = await browser.SessionAsync();
        Assert.True(session.GetProperty("signed_in").GetBoolean());
        Assert.Equal("agent", Assert.Single(session.GetProperty("roles").EnumerateArray()).GetString());
        Assert.Equal("globex", session.GetProperty("tenant_id").GetString());

        using var left = await browser.SendAsync(HttpMethod.Delete, "/api/session");
        Assert.Equal(HttpStatusCode.OK, left.StatusCode);
        Assert.False((await browser.SessionAsync()).GetProperty("signed_in").GetBoolean());
    }

    [Fact]
    public async Task Cookie_is_out_of_reach_of_scripts_and_of_other_sites()
    {
        using var browser = _gateway.Open();
        using var answer = await browser.SendAsync(HttpMethod.Post, "/api/session", new { role = "operator" });

        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), one => one.StartsWith("aetherlink.session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_changes_something_needs_the_token_of_its_own_session()
    {
        using var browser = await _gateway.SignInAsync("operator");
        using var other = await _gateway.SignInAsync("admin");

        using var without = await browser.Http.PostAsJsonAsync("/api/command-center/events/publish", new { });
        await without.AssertProblemAsync(400);

        browser.Token = other.Token;
        using var foreign = await browser.SendAsync(HttpMethod.Post, "/api/command-center/events/publish", new { });
        await foreign.AssertProblemAsync(400);

        Assert.DoesNotContain(_mesh.Requests, one => one.Method == "POST");
    }

    [Fact]
    public async Task Sign_in_itself_needs_a_token()
    {
        using var browser = _gateway.Open();
        using var answer = await browser.Http.PostAsJsonAsync("/api/session", new { role = "admin" });
        await answer.AssertProblemAsync(400);
    }

    [Fact]
    public async Task Sign_in_names_everything_that_is_wrong_with_it()
    {
        using var browser = _gateway.Open();

        using var answer = await browser.SendAsync(HttpMethod.Post, "/api/session", new { role = "root", tenant_id = "nowhere", name = "" });

        var errors = (await answer.AssertProblemAsync(400)).GetProperty("errors");
        Assert.Equal(["role", "tenant_id", "name"], errors.EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task Session_survives_a_restart_of_the_gateway()
    {
        using var browser = await _gateway.SignInAsync("operator");
        await using var second = await Gateway.StartAsync(_mesh, dataFolder: _gateway.DataFolder);
        using var later = second.Open();
        foreach (Cookie cookie in browser.Cookies.GetAllCookies())
            later.Cookies.Add(second.Address, new Cookie(cookie.Name, cookie.Value));

        Assert.True((await later.SessionAsync()).GetProperty("signed_in").GetBoolean());
    }

    [Fact]
    public async Task Outside_of_Development_nobody_signs_in_by_choosing_a_role()
    {
        await using var production = await Gateway.StartAsync(_mesh, "Production");
        using var browser = production.Open();

        using var answer = await browser.SendAsync(HttpMethod.Post, "/api/session", new { role = "admin" });
        var session = await browser.SessionAsync();
        using var withHeader = new HttpRequestMessage(HttpMethod.Get, "/api/command-center/ops/health");
        withHeader.Headers.Add("X-User-Roles", "admin");
        using var forged = await browser.Http.SendAsync(withHeader);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.False(session.GetProperty("signed_in").GetBoolean());
        Assert.Equal(JsonValueKind.Null, session.GetProperty("development").ValueKind);
        Assert.Equal(HttpStatusCode.Unauthorized, forged.StatusCode);
    }
}
