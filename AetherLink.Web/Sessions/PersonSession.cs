using System.Security.Claims;
using System.Text.Json.Serialization;
using AetherLink.ServiceDefaults;
using AetherLink.Web.SigningIn;

namespace AetherLink.Web.Sessions;

/// <summary>One person in one browser.</summary>
/// <param name="Name">Their name.</param>
/// <param name="Roles">Their roles.</param>
/// <param name="TenantId">The tenant they are confined to; null for none.</param>
/// <param name="Tokens">What the issuer gave for them; null for the sign-in of Development.</param>
internal sealed record PersonSession(string Name, IReadOnlyList<string> Roles, string? TenantId, IssuedTokens? Tokens)
{
    /// <summary>Whether the services would refuse the session's token: the issuer was away when it was to be renewed.</summary>
    public bool IsStale(DateTimeOffset now) => Tokens is { } tokens && now >= tokens.EndsAt;

    /// <summary>Whether the services see the same person in both.</summary>
    public bool MayTheSame(PersonSession other) =>
        string.Equals(TenantId, other.TenantId, StringComparison.Ordinal) && Roles.Order(StringComparer.Ordinal).SequenceEqual(
            other.Roles.Order(StringComparer.Ordinal), StringComparer.Ordinal);

    /// <param name="id">The session's; as the subject, it is what anti-forgery tokens are bound to.</param>
    public ClaimsPrincipal ToPrincipal(string id)
    {
        var claims = Roles.Select(role => new Claim(CallerClaims.Role, role))
            .Append(new(CallerClaims.Name, Name))
            .Append(new("sub", id));
        if (Tokens is not null)
            claims = claims.Append(new(CallerClaims.Subject, Tokens.Subject));
        if (TenantId is not null)
            claims = claims.Append(new(CallerClaims.Tenant, TenantId));
        return new(new ClaimsIdentity(claims, SessionCookie.Scheme, CallerClaims.Name, CallerClaims.Role));
    }
}

/// <summary>The session of a request, in its features.</summary>
/// <param name="Key">What the cookie names it by: whoever has it has the session.</param>
/// <param name="Person">Who it is.</param>
internal sealed record CurrentSession(string Key, PersonSession Person);

[JsonSerializable(typeof(PersonSession))]
internal sealed partial class PersonSessionJson : JsonSerializerContext;
