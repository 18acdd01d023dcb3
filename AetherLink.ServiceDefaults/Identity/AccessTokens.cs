using System.Security.Claims;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// Tells access tokens from what else an issuer signs with the same keys, some of it for the same audience: id tokens, which every page
/// gets that a person signs in to, and logout tokens. RFC 9068 has a type for access tokens; not every issuer says it.
/// </summary>
internal static class AccessTokens
{
    private const string Type = "at+jwt";

    /// <summary>RFC 7515, section 4.1.9: a type is a media type, and its beginning may be left out.</summary>
    private const string MediaType = "application/";

    /// <summary>
    /// What OpenID Connect has in id tokens (core 2, 3.3.2.11) and logout tokens (back-channel logout 2.4), and no access token needs.
    /// </summary>
    private static readonly string[] OfOthers = ["nonce", "at_hash", "c_hash", "s_hash", "events"];

    /// <param name="token">The token, which has been validated.</param>
    /// <param name="claims">Its claims.</param>
    public static bool IsOne(string token, ClaimsPrincipal claims)
    {
        var type = TokenHead.Type(token)?.ToLowerInvariant() ?? "jwt";
        if (type.StartsWith(MediaType, StringComparison.Ordinal))
            type = type[MediaType.Length..];
        // Keycloak's own: Bearer, ID, Refresh, Offline, Logout. Its older ones have the nonce in each of them.
        if (claims.FindFirst("typ")?.Value is { } kind)
            return kind.Equals("Bearer", StringComparison.OrdinalIgnoreCase) && type is "jwt" or Type;
        return type == Type || (type == "jwt" && !OfOthers.Any(name => claims.HasClaim(claim => claim.Type == name)));
    }
}
