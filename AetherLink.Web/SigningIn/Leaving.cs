using AetherLink.Web.Sessions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace AetherLink.Web.SigningIn;

/// <summary>
/// The way out by the issuer. The browser is given an address here that is good for a minute; only the redirect that follows
/// names the id token, which no script of a page sees.
/// </summary>
internal sealed class Leaving(IDataProtectionProvider protection, Issuer issuer, TimeProvider clock)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    private readonly IDataProtector _seal = protection.CreateProtector("aetherlink.leaving");

    /// <summary>The address that ends the person's session at the issuer; null when there is no issuer to tell.</summary>
    public string? AddressFor(PersonSession session) => session.Tokens is { } tokens
        ? QueryHelpers.AddQueryString("/api/session/sign-out", "of", _seal.Protect($"{(clock.GetUtcNow() + Life).ToUnixTimeSeconds()} {tokens.IdToken}"))
        : null;

    public static async Task<IResult> GoAsync(HttpContext context, Leaving leaving, string? of)
    {
        const string signedOut = "/sign-in";
        if (leaving.IdTokenOf(of) is not { } idToken)
            return TypedResults.LocalRedirect(signedOut);
        try
        {
            var configuration = await leaving.Issuer.AskAsync(context.RequestAborted);
            if (string.IsNullOrEmpty(configuration.EndSessionEndpoint))
                return TypedResults.LocalRedirect(signedOut);
            return TypedResults.Redirect(QueryHelpers.AddQueryString(
                configuration.EndSessionEndpoint,
                new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["id_token_hint"] = idToken,
                    ["client_id"] = leaving.Issuer.Options.ClientId,
                    ["post_logout_redirect_uri"] = $"{context.Request.Scheme}://{context.Request.Host}{signedOut}",
                }));
        }
        catch (IssuerAwayException)
        {
            // Here the session has ended; at the issuer it ends by its own time.
            return TypedResults.LocalRedirect($"{signedOut}?failed=out");
        }
    }

    private Issuer Issuer => issuer;

    private string? IdTokenOf(string? sealed_)
    {
        try
        {
            var parts = _seal.Unprotect(sealed_ ?? "").Split(' ', 2);
            return long.Parse(parts[0], null) >= clock.GetUtcNow().ToUnixTimeSeconds() ? parts[1] : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }
}
