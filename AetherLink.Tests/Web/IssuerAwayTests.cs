using System.Net;
using AetherLink.Tests.Identity;
using AetherLink.Tests.ServiceDefaults;

namespace AetherLink.Tests.Web;

/// <summary>What people see while the issuer is away, and that it mends by itself.</summary>
public sealed class IssuerAwayTests(OidcProvider provider) : IClassFixture<OidcProvider>, IAsyncLifetime
{
    private FakeMesh _mesh = null!;

    public async Task InitializeAsync()
    {
        await provider.ResetAsync();
        _mesh = await FakeMesh.StartAsync();
    }

    public async Task DisposeAsync() => await _mesh.DisposeAsync();

    [Fact]
    public async Task Gateway_starts_without_its_issuer_says_so_and_finds_it_when_it_comes()
    {
        await provider.GoAwayAsync();
        await using var gateway = await IssuerGateway.StartAsync(_mesh, provider);
        using var browser = gateway.Open();

        Assert.False(await AvailableAsync(browser));
        using var begun = await browser.GetAsync("/api/session/sign-in?to=%2Fevents");
        Assert.Equal("/sign-in?failed=away&to=%2Fevents", begun.Headers.Location!.OriginalString);

        await provider.ComeBackAsync();
        await Eventually.True(() => AvailableAsync(browser), Gateway.Soon, "the issuer is found again");
        Assert.Equal("/events", await browser.ReturnAsync(await browser.GoToIssuerAsync(provider, "operator@acme", "/events")));
    }

    [Fact]
    public async Task Issuer_that_leaves_during_a_sign_in_is_named_as_the_reason()
    {
        await using var gateway = await IssuerGateway.StartAsync(_mesh, provider);
        using var browser = gateway.Open();
        var callback = await browser.GoToIssuerAsync(provider, "operator@acme");

        await provider.SetAsync(new { token_status = 503 });

        Assert.StartsWith("/sign-in?failed=away", await browser.ReturnAsync(callback), StringComparison.Ordinal);
        Assert.False(await browser.IsInAsync());
    }

    [Fact]
    public async Task Session_waits_for_the_issuer_and_goes_on()
    {
        await using var gateway = await IssuerGateway.StartAsync(_mesh, provider);
        using var browser = await gateway.SignInAsync(provider, "operator@acme");
        await provider.GoAwayAsync();

        // To be renewed, and still good: nobody notices.
        gateway.Clock.Advance(TimeSpan.FromSeconds(245));
        using var good = await browser.GetAsync("/api/command-center/ops/health");
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);

        // Over: not a 401, which would send the person to a sign-in that cannot be done.
        gateway.Clock.Advance(TimeSpan.FromSeconds(60));
        using var over = await browser.GetAsync("/api/command-center/ops/health");
        await over.AssertProblemAsync(503);
        Assert.NotNull(over.Headers.RetryAfter);
        Assert.True(await browser.IsInAsync());

        // The gateway's clock is ahead by then.
        await provider.SetAsync(new { access_token_seconds = 900 });
        await provider.ComeBackAsync();
        await Eventually.True(
            async () => (await browser.GetAsync("/api/command-center/ops/health")).StatusCode == HttpStatusCode.OK,
            Gateway.Soon, "the session goes on");
    }

    private static async Task<bool> AvailableAsync(Browser browser) =>
        (await browser.SessionAsync()).GetProperty("issuer").GetProperty("available").GetBoolean();
}
