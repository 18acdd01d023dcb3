using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AetherLink.Tests.Web;

/// <summary>What a browser is told to hold a page to, and what is asked of whoever changes something.</summary>
public sealed class HardeningTests : IAsyncLifetime
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
    public async Task Answer_of_the_API_is_no_page_and_is_kept_by_nobody()
    {
        using var browser = _gateway.Open();
        using var answer = await browser.GetAsync("/api/session");

        Assert.Equal("default-src 'none'; frame-ancestors 'none'", Header(answer, "Content-Security-Policy"));
        Assert.Contains("no-store", Header(answer, "Cache-Control"), StringComparison.Ordinal);
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Equal("DENY", Header(answer, "X-Frame-Options"));
        Assert.Equal("same-origin", Header(answer, "Referrer-Policy"));
        Assert.Equal("same-origin", Header(answer, "Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", Header(answer, "Cross-Origin-Resource-Policy"));
        Assert.Contains("camera=()", Header(answer, "Permissions-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_runs_no_script_but_our_files()
    {
        using var browser = _gateway.Open();
        foreach (var path in new[] { "/docs", "/", "/sign-in", "/events" })
        {
            using var answer = await browser.GetAsync(path);
            Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
            var policy = Header(answer, "Content-Security-Policy");
            Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            var scripts = policy.Split(';').Single(part => part.Trim().StartsWith("script-src", StringComparison.Ordinal));
            Assert.DoesNotContain("unsafe", scripts, StringComparison.Ordinal);
            Assert.DoesNotContain("*", scripts, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Change_that_a_page_of_another_site_asks_for_is_refused_even_with_the_token()
    {
        using var browser = await _gateway.SignInAsync("operator");
        (string Header, string Value)[] foreign =
        [
            ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Site", "none"),
            ("Origin", "https://evil.example"), ("Origin", "null"), ("Origin", $"http://127.0.0.1:{_gateway.Address.Port + 1}"),
        ];
        foreach (var (header, value) in foreign)
            Assert.Equal(HttpStatusCode.Forbidden, await LeaveAsync(header, value));
        Assert.True(await browser.IsInAsync());

        Assert.Equal(HttpStatusCode.OK, await LeaveAsync("Origin", _gateway.Address.GetLeftPart(UriPartial.Authority)));
        Assert.False(await browser.IsInAsync());

        async Task<HttpStatusCode> LeaveAsync(string header, string value)
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/session");
            request.Headers.Add("X-CSRF-Token", browser.Token);
            request.Headers.Add(header, value);
            using var answer = await browser.Http.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Other_origins_are_allowed_nothing()
    {
        using var browser = await _gateway.SignInAsync("operator");
        foreach (var method in new[] { "GET", "POST", "OPTIONS" })
        {
            using var request = new HttpRequestMessage(new(method), "/api/session");
            request.Headers.Add("Origin", "https://evil.example");
            request.Headers.Add("Access-Control-Request-Method", "POST");

            using var answer = await browser.Http.SendAsync(request);

            Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task Session_is_new_with_every_sign_in_and_gone_with_the_sign_out_in_every_copy()
    {
        using var browser = await _gateway.SignInAsync("operator");
        using var planted = browser.Copy();
        await using var stream = await LiveStream.OpenAsync(planted);

        browser.Token = null;
        using var again = await browser.SendAsync(HttpMethod.Post, "/api/session", new { role = "admin" });
        await Eventually.True(() => stream.HasEnded, Gateway.Soon, "the stream of the former session ends");
        Assert.False(await planted.IsInAsync());

        browser.Token = null;
        using var copy = browser.Copy();
        using var left = await browser.SendAsync(HttpMethod.Delete, "/api/session");
        Assert.Equal(HttpStatusCode.OK, left.StatusCode);
        Assert.False(await copy.IsInAsync());
    }

    [Fact]
    public async Task Production_takes_its_cookie_over_https_and_from_this_host_alone()
    {
        await using var production = await Gateway.StartAsync(_mesh, "Production");
        var cookie = production.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get("session").Cookie;

        Assert.Equal("__Host-aetherlink.session", cookie.Name);
        Assert.Equal(CookieSecurePolicy.Always, cookie.SecurePolicy);
        Assert.Equal("/", cookie.Path);
        Assert.Null(cookie.Domain);
    }

    [Fact]
    public async Task Pages_are_told_when_nothing_is_enforced()
    {
        await using var open = await Gateway.StartAsync(_mesh, settings: new Dictionary<string, string?> { ["RBAC_ENABLED"] = "false" });
        foreach (var (gateway, enforced) in new[] { (_gateway, true), (open, false) })
        {
            using var browser = gateway.Open();
            Assert.Equal(enforced, (await browser.SessionAsync()).GetProperty("rbac_enabled").GetBoolean());
            var health = JsonSerializer.Deserialize<JsonElement>(await browser.Http.GetStringAsync("/health.json"));
            Assert.Equal(enforced, health.GetProperty("rbac_enabled").GetBoolean());
        }
    }

    private static string Header(HttpResponseMessage answer, string name) =>
        string.Join(", ", answer.Headers.TryGetValues(name, out var values) ? values : answer.Content.Headers.GetValues(name));
}
