using System.IdentityModel.Tokens.Jwt;
using System.Security.Claims;
using System.Text.Json;
using AetherLink.ServiceDefaults;
using AetherLink.Web.Sessions;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace AetherLink.Web.SigningIn;

/// <summary>
/// Turns what the token endpoint gave into a session. The id token proves who signed in, here and just now; who they are to the
/// services stands in the access token, and is read from it as the services will read it.
/// </summary>
internal sealed class IssuerTokens(Issuer issuer, TimeProvider clock)
{
    /// <summary>What the clocks of this machine and the issuer's may differ by; the services allow the same.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <summary>A token is renewed while it is still good for this long, or for a quarter of a short one's life.</summary>
    private static readonly TimeSpan Spare = TimeSpan.FromSeconds(60);

    private static readonly string[] Rsa = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
    private static readonly string[] Curves = ["ES256", "ES384", "ES512"];

    // By the key's id alone, a cache would take another key of the same id for the first one.
    private static readonly CryptoProviderFactory WithoutCache = new() { CacheSignatureProviders = false };

    /// <summary>A new session, from the answer to an authorization code.</summary>
    /// <exception cref="SecurityTokenException">A token is not what it should be.</exception>
    public async Task<PersonSession> BeginAsync(JsonElement answer, string nonce, CancellationToken cancellationToken)
    {
        var idToken = Text(answer, "id_token") ?? throw new SecurityTokenException("There is no id token.");
        var signedIn = await ValidateAsync(idToken, issuer.Options.ClientId, cancellationToken);
        if (signedIn.FindFirstValue("nonce") != nonce)
            throw new SecurityTokenException("The id token is of another sign-in: its nonce is not the one that was sent.");
        if (signedIn.FindFirstValue("azp") is { } party && party != issuer.Options.ClientId)
            throw new SecurityTokenException("The id token was issued to another client.");
        var subject = signedIn.FindFirstValue("sub") ?? throw new SecurityTokenException("The id token names nobody.");
        return await ReadAsync(answer, subject, idToken, refreshToken: null, cancellationToken);
    }

    /// <summary>The same person's session with newer tokens, from the answer to a refresh token.</summary>
    /// <exception cref="SecurityTokenException">A token is not what it should be.</exception>
    public async Task<PersonSession> RenewAsync(JsonElement answer, IssuedTokens former, CancellationToken cancellationToken)
    {
        var idToken = former.IdToken;
        if (Text(answer, "id_token") is { } newer)
        {
            var person = await ValidateAsync(newer, issuer.Options.ClientId, cancellationToken);
            if (person.FindFirstValue("sub") != former.Subject)
                throw new SecurityTokenException("The renewed id token is another person's.");
            idToken = newer;
        }
        return await ReadAsync(answer, former.Subject, idToken, former.RefreshToken, cancellationToken);
    }

    private async Task<PersonSession> ReadAsync(
        JsonElement answer, string subject, string idToken, string? refreshToken, CancellationToken cancellationToken)
    {
        var token = Text(answer, "access_token") ?? throw new SecurityTokenException("There is no access token.");
        var claims = await ValidateAsync(token, issuer.Options.Audience, cancellationToken);
        if (claims.FindFirstValue("sub") != subject)
            throw new SecurityTokenException("The access token is another person's.");
        if (!AccessTokens.IsOne(token, claims))
            throw new SecurityTokenException("The access token is none: it says who signed in.");
        if (OidcPerson.Of(claims, issuer.Options.ClientId, RolesWithoutTenant.Parse(issuer.Options.RolesWithoutTenant)) is not { } identity)
            throw new SecurityTokenException("The access token describes nobody who may come in.");

        var person = Caller.Of(new(identity));
        var now = clock.GetUtcNow();
        var ends = DateTimeOffset.FromUnixTimeSeconds(long.Parse(claims.FindFirstValue("exp")!, null));
        var life = ends - now;
        return new(person.Name, [.. person.Roles], person.TenantId, new(
            subject, token, Text(answer, "refresh_token") ?? refreshToken, idToken, ends - (life / 4 < Spare ? life / 4 : Spare), ends));
    }

    private async Task<ClaimsPrincipal> ValidateAsync(string token, string audience, CancellationToken cancellationToken)
    {
        try
        {
            return Validate(token, audience, await issuer.KnownAsync(cancellationToken));
        }
        catch (SecurityTokenSignatureKeyNotFoundException)
        {
            // The issuer has changed its keys since it was asked. What it is asked about came from its own token endpoint, so
            // that nobody can make this happen often.
            return Validate(token, audience, await issuer.AskAsync(cancellationToken));
        }
    }

    private static ClaimsPrincipal Validate(string token, string audience, OpenIdConnectConfiguration configuration)
    {
        var parameters = new TokenValidationParameters
        {
            ValidIssuer = configuration.Issuer,
            ValidAudience = audience,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ClockSkew = Skew,
            CryptoProviderFactory = WithoutCache,
            // Not every version of the library can list algorithms: no key for any that is not an issuer's.
            IssuerSigningKeyResolver = (_, parsed, id, _) => configuration.SigningKeys
                .Where(key => (string.IsNullOrEmpty(id) || key.KeyId == id) && Fits(key, (parsed as JwtSecurityToken)?.Header.Alg)),
        };
        try
        {
            return new JwtSecurityTokenHandler { MapInboundClaims = false }.ValidateToken(token, parameters, out _);
        }
        catch (ArgumentException exception)
        {
            // What is no JSON web token at all: an issuer that gives opaque ones.
            throw new SecurityTokenException("A token is no JSON web token.", exception);
        }
    }

    private static bool Fits(SecurityKey key, string? algorithm) => key switch
    {
        RsaSecurityKey or X509SecurityKey or JsonWebKey { Kty: JsonWebAlgorithmsKeyTypes.RSA } => Rsa.Contains(algorithm, StringComparer.Ordinal),
        ECDsaSecurityKey or JsonWebKey { Kty: JsonWebAlgorithmsKeyTypes.EllipticCurve } => Curves.Contains(algorithm, StringComparer.Ordinal),
        _ => false,
    };

    private static string? Text(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
