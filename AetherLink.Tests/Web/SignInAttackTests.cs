using System.Net;
using AetherLink.Tests.Identity;

namespace AetherLink.Tests.Web;

/// <summary>What is tried against a sign-in, each against the real provider: nobody gets in.</summary>
public sealed class SignInAttackTests(OidcProvider provider) : IClassFixture<OidcProvider>, IAsyncLifetime
{
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

    [Fact]
    public async Task Answer_that_was_changed_on_its_way_lets_nobody_in()
    {
        (string Part, string Other)[] changes =
        [
            ("state=", "state=A"), ("state=", "nothing="), ("code=", "nothing="), ("code=", "code=A"),
            ("iss=", "iss=https%3A%2F%2Fevil.example&was="),
        ];
        foreach (var (part, other) in changes)
        {
            using var browser = _gateway.Open();
            var callback = await browser.GoToIssuerAsync(provider, "operator@acme");
            Assert.Contains(part, callback.Query, StringComparison.Ordinal);

            var landed = await browser.ReturnAsync(new(callback.AbsoluteUri.Replace(part, other, StringComparison.Ordinal)));

            Assert.StartsWith("/sign-in?failed=", landed, StringComparison.Ordinal);
            Assert.False(await browser.IsInAsync(), $"{part} became {other}.");
        }
    }

    [Fact]
    public async Task Answer_for_one_browser_signs_nobody_in_in_another()
    {
        using var attacker = _gateway.Open();
        using var victim = _gateway.Open();
        var callback = await attacker.GoToIssuerAsync(provider, "viewer@acme");

        Assert.StartsWith("/sign-in?failed=state", await victim.ReturnAsync(callback), StringComparison.Ordinal);
        Assert.False(await victim.IsInAsync());
    }

    [Fact]
    public async Task Answer_is_good_once_and_its_code_too()
    {
        using var browser = _gateway.Open();
        var callback = await browser.GoToIssuerAsync(provider, "operator@acme");
        using var replaying = browser.Copy();

        Assert.Equal("/", await browser.ReturnAsync(callback));

        // The correlation of the one is used up; the other has kept a copy of it, and the issuer has used up the code.
        Assert.StartsWith("/sign-in?failed=state", await browser.ReturnAsync(callback), StringComparison.Ordinal);
        Assert.StartsWith("/sign-in?failed=refused", await replaying.ReturnAsync(callback), StringComparison.Ordinal);
        Assert.False(await replaying.IsInAsync());
    }

    [Fact]
    public async Task Id_token_of_another_sign_in_is_refused_by_its_nonce()
    {
        await provider.SetAsync(new { nonce = "of-another" });
        using var browser = _gateway.Open();

        Assert.StartsWith(
            "/sign-in?failed=refused", await browser.ReturnAsync(await browser.GoToIssuerAsync(provider, "operator@acme")), StringComparison.Ordinal);
        Assert.False(await browser.IsInAsync());
    }

    [Fact]
    public async Task Access_token_for_somebody_else_is_refused()
    {
        await provider.SetAsync(new { audience = "another-service" });
        using var browser = _gateway.Open();

        Assert.StartsWith(
            "/sign-in?failed=refused", await browser.ReturnAsync(await browser.GoToIssuerAsync(provider, "operator@acme")), StringComparison.Ordinal);
        Assert.False(await browser.IsInAsync());
    }

    [Fact]
    public async Task Refusal_at_the_issuer_is_told_and_lets_nobody_in()
    {
        using var browser = _gateway.Open();

        Assert.StartsWith(
            "/sign-in?failed=denied", await browser.ReturnAsync(await browser.GoToIssuerAsync(provider, "somebody-unknown")), StringComparison.Ordinal);
        Assert.False(await browser.IsInAsync());
    }

    [Fact]
    public async Task Keys_that_change_during_a_sign_in_and_a_session_disturb_nobody()
    {
        using var browser = _gateway.Open();
        var callback = await browser.GoToIssuerAsync(provider, "operator@acme");
        await provider.RotateKeysAsync(keepOld: false);
        Assert.Equal("/", await browser.ReturnAsync(callback));

        await provider.RotateKeysAsync(keepOld: false);
        _gateway.Clock.Advance(TimeSpan.FromSeconds(245));

        using var health = await browser.GetAsync("/api/command-center/ops/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal(1, await provider.CountAsync("refresh_token"));
    }

    [Fact]
    public async Task Cookie_that_was_changed_anywhere_is_none()
    {
        using var browser = await _gateway.SignInAsync(provider, "operator@acme");
        var value = browser.Cookies.GetAllCookies()["aetherlink.session"]!.Value;
        for (var at = 0; at < value.Length - 1; at += value.Length / 12)
        {
            using var other = _gateway.Open();
            other.Cookies.Add(_gateway.Address, new Cookie("aetherlink.session", value[..at] + (value[at] == 'A' ? 'B' : 'A') + value[(at + 1)..]));
            Assert.False(await other.IsInAsync(), $"A change at {at} was not noticed.");
        }
    }

    [Fact]
    public async Task Way_back_is_checked_before_the_sign_in_and_kept_through_it()
    {
        using var browser = _gateway.Open();
        Assert.Equal("/", await browser.ReturnAsync(await browser.GoToIssuerAsync(provider, "operator@acme", "//evil.example")));
        Assert.Equal("/events?a=b", await browser.ReturnAsync(await browser.GoToIssuerAsync(provider, "operator@acme", "/events?a=b")));
    }
}
