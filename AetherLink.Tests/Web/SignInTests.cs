using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using AetherLink.Tests.Identity;
using AetherLink.Tests.ServiceDefaults;

namespace AetherLink.Tests.Web;

/// <summary>The sign-in at an issuer, from the link to the sign-out, against the real provider.</summary>
public sealed class SignInTests(OidcProvider provider) : IClassFixture<OidcProvider>, IAsyncLifetime
{
    /// <summary>The provider's access tokens live 300 s, and are renewed in their last minute.</summary>
    private static readonly TimeSpan UntilRenewal = TimeSpan.FromSeconds(245);

    private FakeMesh _mesh = null!;
    private Gateway _gateway = null!;

    public async Task InitializeAsync()
    {
        await provider.ResetAsync();
        _mesh = await FakeMesh.StartAsync();
        _gateway = await IssuerGateway.StartAsync(_mesh, provider);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _mesh.DisposeAsync();
    }

    [Theory]
    [InlineData("operator@acme", "operator", "acme")]
    [InlineData("agent@globex", "agent", "globex")]
    [InlineData("admin@everywhere", "admin", null)]
    [InlineData("stranger@acme", null, "acme")]
    public async Task Person_is_who_the_issuer_says(string name, string? role, string? tenant)
    {
        using var browser = await _gateway.SignInAsync(provider, name);

        var session = await browser.SessionAsync();

        Assert.True(session.GetProperty("signed_in").GetBoolean());
        Assert.Equal(name, session.GetProperty("name").GetString());
        Assert.Equal(role is null ? [] : [role], await browser.RolesAsync());
        Assert.Equal(tenant, session.GetProperty("tenant_id").GetString());
        Assert.Equal(JsonValueKind.Null, session.GetProperty("development").ValueKind);
    }

    [Fact]
    public async Task Services_get_the_persons_own_token_and_the_browser_none()
    {
        using var browser = _gateway.Open();
        var callback = await browser.GoToIssuerAsync(provider, "operator@acme");
        using var back = await browser.Http.GetAsync(callback);
        using var health = await browser.GetAsync("/api/command-center/ops/health");
        var asked = _mesh.Requests.Last();

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.StartsWith("Bearer eyJ", asked.Headers["Authorization"], StringComparison.Ordinal);
        Assert.DoesNotContain("X-User-Roles", asked.Headers.Keys);
        Assert.DoesNotContain("X-Mesh-Token", asked.Headers.Keys);

        var signature = asked.Headers["Authorization"].Split('.')[2];
        var seen = $"{back.Headers}{await back.Content.ReadAsStringAsync()}{health.Headers}{await browser.SessionAsync()}"
            + string.Join(';', browser.Cookies.GetAllCookies().Select(cookie => cookie.Value));
        Assert.DoesNotContain("eyJ", seen, StringComparison.Ordinal);
        Assert.DoesNotContain(signature, seen, StringComparison.Ordinal);
        var cookie = Assert.Single(back.Headers.GetValues("Set-Cookie"), one => one.StartsWith("aetherlink.session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Nothing_readable_of_a_session_is_on_the_disk()
    {
        using var browser = await _gateway.SignInAsync(provider, "operator@acme");

        var file = Assert.Single(Directory.GetFiles(Path.Combine(_gateway.DataFolder, "sessions"), "*.session"));
        Assert.DoesNotContain("eyJ", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        Assert.DoesNotContain("operator", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_in_by_choosing_a_role_is_not_there_beside_an_issuer()
    {
        using var browser = _gateway.Open();
        using var answer = await browser.SendAsync(HttpMethod.Post, "/api/session", new { role = "admin" });
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Public_client_signs_in_without_a_secret()
    {
        await provider.SetClientAsync(new { client_id = OidcProvider.ClientId, token_endpoint_auth_method = "none" });
        await using var gateway = await IssuerGateway.StartAsync(_mesh, provider, new() { ["Authentication:ClientSecret"] = "" });
        using var browser = await gateway.SignInAsync(provider, "viewer@acme");
        Assert.True(await browser.IsInAsync());
    }

    [Fact]
    public async Task Token_is_renewed_once_before_it_ends_however_many_ask()
    {
        using var browser = await _gateway.SignInAsync(provider, "operator@acme");
        await browser.GetAsync("/api/command-center/ops/health");
        var first = _mesh.Requests.Last().Headers["Authorization"];

        for (var round = 1; round <= 2; round++)
        {
            // To the gateway, whose clock is ahead by then, the next token lives as long as this one.
            await provider.SetAsync(new { token_delay_ms = 150, access_token_seconds = 300 + (round * UntilRenewal.TotalSeconds) });
            _gateway.Clock.Advance(UntilRenewal);
            var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => browser.GetAsync("/api/command-center/ops/health")));

            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
            var second = Assert.Single(_mesh.Requests.TakeLast(10).Select(asked => asked.Headers["Authorization"]).Distinct());
            Assert.NotEqual(first, second);
            // The provider gives each refresh token once, and ends everything when one comes back.
            Assert.Equal(round, await provider.CountAsync("refresh_token"));
            first = second;
        }
        Assert.Equal(0, await provider.CountAsync("refused refresh_token"));
    }

    [Fact]
    public async Task Role_that_the_issuer_has_taken_away_goes_with_the_next_token_and_cuts_the_stream()
    {
        using var browser = await _gateway.SignInAsync(provider, "operator@acme");
        await using var stream = await LiveStream.OpenAsync(browser);
        await provider.ChangePersonAsync("operator@acme", new { roles = new[] { "viewer" } });

        _gateway.Clock.Advance(UntilRenewal);
        await Eventually.True(() => stream.HasEnded, Gateway.Soon, "the stream ends without a request");

        Assert.Equal(["viewer"], await browser.RolesAsync());
        using var health = await browser.GetAsync("/api/command-center/ops/health");
        await health.AssertProblemAsync(403);
    }

    [Fact]
    public async Task Session_ends_when_the_issuer_renews_it_no_more()
    {
        using var browser = await _gateway.SignInAsync(provider, "operator@acme");
        await provider.RemovePersonAsync("operator@acme");

        _gateway.Clock.Advance(UntilRenewal);

        using var health = await browser.GetAsync("/api/command-center/ops/health");
        await health.AssertProblemAsync(401);
        Assert.False(await browser.IsInAsync());
        Assert.Empty(Directory.GetFiles(Path.Combine(_gateway.DataFolder, "sessions"), "*.session"));
    }

    [Fact]
    public async Task Sign_out_ends_the_session_here_at_the_issuer_and_in_every_copy_of_the_cookie()
    {
        using var browser = await _gateway.SignInAsync(provider, "operator@acme");
        using var thief = browser.Copy();
        await using var stream = await LiveStream.OpenAsync(browser);
        Assert.True(await thief.IsInAsync());

        using var left = await browser.SendAsync(HttpMethod.Delete, "/api/session");
        var session = JsonSerializer.Deserialize<JsonElement>(await left.Content.ReadAsStringAsync());
        await Eventually.True(() => stream.HasEnded, Gateway.Soon, "the stream ends with its session");
        Assert.False(await browser.IsInAsync());
        Assert.False(await thief.IsInAsync());

        using var on = await browser.GetAsync(session.GetProperty("sign_out_url").GetString()!);
        var back = await OidcCodeFlow.WalkAsync(browser.Http, on.Headers.Location!, "nobody");
        Assert.Equal(new(_gateway.Address, "/sign-in"), back);
        Assert.Equal(1, await provider.CountAsync("end_session"));
        // The issuer asks again who it is: it knows nobody in this browser any more.
        Assert.Equal("/", await browser.ReturnAsync(await browser.GoToIssuerAsync(provider, "viewer@globex")));
        Assert.Equal(["viewer"], await browser.RolesAsync());
    }

    [Fact]
    public async Task New_sign_in_is_a_new_session_and_ends_the_one_before()
    {
        using var browser = await _gateway.SignInAsync(provider, "operator@acme");
        using var planted = browser.Copy();
        var before = browser.Cookies.GetAllCookies()["aetherlink.session"]!.Value;

        Assert.Equal("/", await browser.ReturnAsync(await browser.GoToIssuerAsync(provider, "operator@acme")));

        Assert.NotEqual(before, browser.Cookies.GetAllCookies()["aetherlink.session"]!.Value);
        Assert.True(await browser.IsInAsync());
        Assert.False(await planted.IsInAsync());
    }

    [Fact]
    public async Task Session_survives_a_restart_with_its_tokens()
    {
        using var browser = await _gateway.SignInAsync(provider, "operator@acme");
        await using var second = await Gateway.StartAsync(_mesh, dataFolder: _gateway.DataFolder, settings: new Dictionary<string, string?>
        {
            ["Authentication:Authority"] = provider.Issuer,
            ["Authentication:ClientSecret"] = OidcProvider.ClientSecret,
        });
        using var later = second.Open();
        foreach (Cookie cookie in browser.Cookies.GetAllCookies())
            later.Cookies.Add(second.Address, new Cookie(cookie.Name, cookie.Value));

        second.Clock.Advance(UntilRenewal);
        using var health = await later.GetAsync("/api/command-center/ops/health");

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal(1, await provider.CountAsync("refresh_token"));
    }

    [Fact]
    public async Task Production_signs_in_over_https_with_a_cookie_of_this_host_alone()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddHours(1));
        await using var production = await IssuerGateway.StartAsync(
            _mesh, provider, new() { ["Authentication:RequireHttpsMetadata"] = "false" }, "Production", certificate);
        using var browser = production.Open();

        using var back = await browser.Http.GetAsync(await browser.GoToIssuerAsync(provider, "operator@acme"));

        var cookie = Assert.Single(back.Headers.GetValues("Set-Cookie"), one => one.StartsWith("__Host-aetherlink.session=", StringComparison.Ordinal));
        foreach (var attribute in new[] { "secure", "httponly", "samesite=strict", "path=/" })
            Assert.Contains(attribute, cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("max-age=31536000", Assert.Single(back.Headers.GetValues("Strict-Transport-Security")));
        Assert.Equal(["operator"], await browser.RolesAsync());
    }
}
