using System.Net;
using System.Text.Json;
using System.Web;
using AetherLink.Tests.Identity;
using Microsoft.AspNetCore.DataProtection;

namespace AetherLink.Tests.Web;

/// <summary>All that the gateway writes while people sign in, are renewed, attacked and leave, held against all that nobody may read.</summary>
public sealed class SignInLogTests(OidcProvider provider) : IClassFixture<OidcProvider>
{
    [Fact]
    public async Task No_log_shows_a_token_a_code_a_cookie_or_the_clients_secret()
    {
        await provider.ResetAsync();
        await using var mesh = await FakeMesh.StartAsync();
        // A developer's eyes: what is not even said there is said nowhere.
        await using var gateway = await IssuerGateway.StartAsync(mesh, provider, new() { ["LOG_LEVEL"] = "TRACE" });
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal) { ["the client's secret"] = OidcProvider.ClientSecret };
        using var browser = gateway.Open();

        var callback = await browser.GoToIssuerAsync(provider, "operator@acme");
        var answer = HttpUtility.ParseQueryString(callback.Query);
        (secrets["the code"], secrets["the state"]) = (answer["code"]!, answer["state"]!);
        Keep(secrets, "at the issuer", browser);
        await browser.ReturnAsync(callback);
        Keep(secrets, "signed in", browser);
        Keep(secrets, "first", gateway);
        (await browser.GetAsync("/api/command-center/ops/health")).Dispose();
        gateway.Clock.Advance(TimeSpan.FromSeconds(245));
        (await browser.GetAsync("/api/command-center/ops/health")).Dispose();
        Keep(secrets, "renewed", gateway);
        Assert.NotEqual(secrets["first AccessToken"], secrets["renewed AccessToken"]);
        // Refused in every way: what is wrong is told, and not what was sent.
        (await browser.Http.GetAsync(callback)).Dispose();
        (await browser.Http.GetAsync(new UriBuilder(callback) { Query = $"code={secrets["the code"]}&state=another&iss={provider.Issuer}" }.Uri)).Dispose();
        await provider.SetAsync(new { token_status = 500 });
        (await browser.Http.GetAsync(await browser.GoToIssuerAsync(provider, "operator@acme"))).Dispose();
        await provider.ResetAsync();
        using (var left = await browser.SendAsync(HttpMethod.Delete, "/api/session"))
            secrets["the anti-forgery token"] = browser.Token!;
        (await browser.GetAsync("/api/session/sign-out")).Dispose();

        Assert.Contains(gateway.Logs.Lines, line => line.Message.Contains(IssuerGateway.Callback, StringComparison.Ordinal));
        Assert.True(secrets.Count >= 10, string.Join(", ", secrets.Keys));
        Assert.All(secrets, secret => Assert.True(secret.Value.Length >= 16, secret.Key));
        var lines = gateway.Logs.Lines.Select(line => $"{line.Category}: {line.Message} {string.Join(' ', line.Values.Values)} {line.Exception}").ToList();
        Assert.Empty(from line in lines
                     from secret in secrets
                     where line.Contains(secret.Value, StringComparison.Ordinal) || line.Contains(Uri.EscapeDataString(secret.Value), StringComparison.Ordinal)
                     select $"{secret.Key} in {line.Replace(secret.Value, "***", StringComparison.Ordinal)}");
    }

    private static void Keep(Dictionary<string, string> secrets, string when, Browser browser)
    {
        foreach (Cookie cookie in browser.Cookies.GetAllCookies())
            if (cookie.Name.StartsWith("aetherlink", StringComparison.Ordinal))
                // Of a correlation the name is what nobody may know.
                secrets[$"{cookie.Name}, {when}"] = cookie.Value.Length > 1 ? cookie.Value : cookie.Name;
    }

    /// <summary>The tokens of the one session, from its file.</summary>
    private static void Keep(Dictionary<string, string> secrets, string when, Gateway gateway)
    {
        var seal = ((IDataProtectionProvider)gateway.Services.GetService(typeof(IDataProtectionProvider))!).CreateProtector("aetherlink.sessions");
        var file = Directory.GetFiles(Path.Combine(gateway.DataFolder, "sessions"), "*.session").Single();
        var tokens = JsonSerializer.Deserialize<JsonElement>(seal.Unprotect(File.ReadAllBytes(file))).GetProperty("Tokens");
        foreach (var token in tokens.EnumerateObject().Where(one => one.Name.EndsWith("Token", StringComparison.Ordinal)))
            secrets[$"{when} {token.Name}"] = token.Value.GetString()!;
    }
}
