using System.Net;
using System.Security.Cryptography.X509Certificates;
using AetherLink.Tests.Identity;

namespace AetherLink.Tests.Web;

/// <summary>A gateway whose people sign in at the real OpenID provider.</summary>
internal static class IssuerGateway
{
    public const string Callback = "/api/session/callback";

    public static async Task<Gateway> StartAsync(
        FakeMesh mesh, OidcProvider provider, Dictionary<string, string?>? settings = null, string environment = "Development",
        X509Certificate2? certificate = null)
    {
        var all = new Dictionary<string, string?>
        {
            ["Authentication:Authority"] = provider.Issuer,
            ["Authentication:ClientSecret"] = OidcProvider.ClientSecret,
        };
        foreach (var (name, value) in settings ?? [])
            all[name] = value;
        var gateway = await Gateway.StartAsync(mesh, environment, settings: all, certificate: certificate);
        await provider.SetClientAsync(new
        {
            client_id = OidcProvider.ClientId,
            redirect_uris = new[] { new Uri(gateway.Address, Callback) },
            post_logout_redirect_uris = new[] { new Uri(gateway.Address, "/sign-in") },
        });
        return gateway;
    }

    /// <summary>A browser in which somebody has signed in at the issuer.</summary>
    public static async Task<Browser> SignInAsync(this Gateway gateway, OidcProvider provider, string name)
    {
        var browser = gateway.Open();
        Assert.Equal("/", await browser.ReturnAsync(await browser.GoToIssuerAsync(provider, name)));
        return browser;
    }

    /// <summary>From the sign-in's link to the issuer, and through its pages.</summary>
    /// <returns>The address with which the issuer sends the browser back.</returns>
    public static async Task<Uri> GoToIssuerAsync(this Browser browser, OidcProvider provider, string name, string? to = null)
    {
        using var begun = await browser.GetAsync($"/api/session/sign-in{(to is null ? "" : $"?to={Uri.EscapeDataString(to)}")}");
        Assert.Equal(HttpStatusCode.Redirect, begun.StatusCode);
        Assert.StartsWith(provider.Issuer + "/auth?", begun.Headers.Location!.AbsoluteUri, StringComparison.Ordinal);
        return await OidcCodeFlow.WalkAsync(browser.Http, begun.Headers.Location, name);
    }

    /// <returns>Where the gateway sends the browser on to.</returns>
    public static async Task<string> ReturnAsync(this Browser browser, Uri callback)
    {
        using var answer = await browser.Http.GetAsync(callback);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return answer.Headers.Location!.OriginalString;
    }

    public static async Task<bool> IsInAsync(this Browser browser) => (await browser.SessionAsync()).GetProperty("signed_in").GetBoolean();

    public static async Task<string[]> RolesAsync(this Browser browser) =>
        [.. (await browser.SessionAsync()).GetProperty("roles").EnumerateArray().Select(role => role.GetString()!)];
}
