using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Microsoft.AspNetCore.Authentication.JwtBearer;

/// <summary>
/// Chooses the keys that a token may be signed with. Token validation of this version has no list of valid algorithms,
/// so they are pinned here: an algorithm gets only keys of its own kind, <c>none</c> gets none, and a secret counts
/// only if the application configured it. An issuer's published key is public: it must never verify an HMAC.
/// </summary>
internal sealed class SigningKeys(TokenValidationParameters configured, IEnumerable<SecurityKey> published)
{
    private readonly IReadOnlyList<SecurityKey> _configured =
        [.. configured.IssuerSigningKeys ?? [], .. configured.IssuerSigningKey is { } key ? [key] : Array.Empty<SecurityKey>()];

    private readonly IReadOnlyList<SecurityKey> _published = [.. published];

    public IEnumerable<SecurityKey> Resolve(
        string token,
        SecurityToken securityToken,
        string? kid,
        TokenValidationParameters parameters)
    {
        var algorithm = (securityToken as JsonWebToken)?.Alg ?? string.Empty;
        var candidates = configured.IssuerSigningKeyResolver is { } resolver
            ? resolver(token, securityToken, kid, configured) ?? []
            : _configured.Where(key => kid is null || key.KeyId is null || key.KeyId == kid);
        return
        [
            .. candidates.Where(key => Fits(key, algorithm)),
            .. _published.Where(key => (string.IsNullOrEmpty(kid) || key.KeyId == kid)
                && !IsSecret(key) && Fits(key, algorithm)),
        ];
    }

    private static bool Fits(SecurityKey key, string algorithm) => algorithm switch
    {
        "HS256" or "HS384" or "HS512" => IsSecret(key),
        "RS256" or "RS384" or "RS512" or "PS256" or "PS384" or "PS512" =>
            key is RsaSecurityKey or X509SecurityKey or JsonWebKey { Kty: JsonWebAlgorithmsKeyTypes.RSA },
        "ES256" or "ES384" or "ES512" =>
            key is ECDsaSecurityKey or X509SecurityKey or JsonWebKey { Kty: JsonWebAlgorithmsKeyTypes.EllipticCurve },
        _ => false,
    };

    private static bool IsSecret(SecurityKey key) =>
        key is SymmetricSecurityKey or JsonWebKey { Kty: JsonWebAlgorithmsKeyTypes.Octet };
}
