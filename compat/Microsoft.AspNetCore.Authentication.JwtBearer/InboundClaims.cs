using System.IdentityModel.Tokens.Jwt;
using System.Security.Claims;

namespace Microsoft.AspNetCore.Authentication.JwtBearer;

/// <summary>Gives claims the long names that .NET used before tokens were JSON.</summary>
internal static class InboundClaims
{
    public static ClaimsIdentity Map(ClaimsIdentity identity)
    {
        var names = JwtSecurityTokenHandler.DefaultInboundClaimTypeMap;
        return new(
            identity.Claims.Select(claim => names.TryGetValue(claim.Type, out var name)
                ? new Claim(name, claim.Value, claim.ValueType, claim.Issuer, claim.OriginalIssuer)
                : claim),
            identity.AuthenticationType,
            identity.NameClaimType,
            identity.RoleClaimType);
    }
}
