using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Web;

namespace AetherLink.Tests.Identity;

/// <summary>A client of the provider, as small as it can be, and what a person's browser does there.</summary>
internal static partial class OidcCodeFlow
{
    private const string Callback = "http://localhost/callback";

    /// <summary>More steps than any way through the provider has.</summary>
    private const int MostSteps = 12;

    public static async Task<OidcTokens> RunAsync(OidcProvider provider, string name)
    {
        var verifier = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        var challenge = Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))
            .TrimEnd('=').Replace('+', '-').Replace('/', '_');
        using var browser = NewBrowser();
        var back = await WalkAsync(
            browser,
            new($"{provider.Issuer}/auth?client_id={OidcProvider.ClientId}&response_type=code&scope=openid+profile&state=s&nonce=n"
                + $"&redirect_uri={Uri.EscapeDataString(Callback)}&code_challenge={challenge}&code_challenge_method=S256"),
            name);

        using var answer = await browser.PostAsync($"{provider.Issuer}/token", new FormUrlEncodedContent(
        [
            new("grant_type", "authorization_code"), new("code", HttpUtility.ParseQueryString(back.Query)["code"]),
            new("redirect_uri", Callback), new("code_verifier", verifier),
            new("client_id", OidcProvider.ClientId), new("client_secret", OidcProvider.ClientSecret),
        ]));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var tokens = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return new(
            tokens.GetProperty("access_token").GetString()!,
            tokens.GetProperty("id_token").GetString()!,
            tokens.TryGetProperty("refresh_token", out var refresh) ? refresh.GetString() : null);
    }

    public static HttpClient NewBrowser(CookieContainer? cookies = null) => new(
        new SocketsHttpHandler { CookieContainer = cookies ?? new(), AllowAutoRedirect = false }, disposeHandler: true);

    /// <summary>
    /// From an address of the provider until it sends the browser away, filling in its forms on the way: the sign-in, where
    /// nobody has signed in yet, and the sign-out.
    /// </summary>
    /// <returns>The address of the client.</returns>
    public static async Task<Uri> WalkAsync(HttpClient browser, Uri at, string name)
    {
        var issuer = at.Authority;
        var request = new HttpRequestMessage(HttpMethod.Get, at);
        for (var step = 0; step < MostSteps; step++)
        {
            using var answer = await browser.SendAsync(request);
            if (answer.Headers.Location is { } next)
            {
                at = new(at, next);
                if (at.Authority != issuer)
                    return at;
                request = new(HttpMethod.Get, at);
                continue;
            }
            var page = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == HttpStatusCode.OK && page.Contains("<form", StringComparison.Ordinal), $"{at}: {answer.StatusCode} {page}");
            at = Action().Match(page) is { Success: true } action ? new(at, WebUtility.HtmlDecode(action.Groups[1].Value)) : at;
            var fields = Field().Matches(page).ToDictionary(field => field.Groups[1].Value, field => field.Groups[2].Value);
            if (page.Contains("name=\"login\"", StringComparison.Ordinal))
                fields["login"] = name;
            request = new(HttpMethod.Post, at) { Content = new FormUrlEncodedContent(fields) };
        }
        throw new InvalidOperationException($"The provider does not send the browser away: {at}.");
    }

    [GeneratedRegex("action=\"([^\"]*)\"")]
    private static partial Regex Action();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"")]
    private static partial Regex Field();
}
