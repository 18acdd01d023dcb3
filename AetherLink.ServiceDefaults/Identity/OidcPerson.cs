using System.Security.Claims;
using System.Text.Json;

namespace AetherLink.ServiceDefaults;

/// <summary>A person, as a token of an OIDC issuer describes one.</summary>
internal static class OidcPerson
{
    /// <summary>
    /// Roles from <c>roles</c>, <c>realm_access.roles</c> and <c>resource_access.CLIENT.roles</c>. Only roles of people: an
    /// issuer for people cannot make anybody a service of the mesh, nor give the scopes of one. An admin without a tenant sees all;
    /// whoever else has none has no role but those of <paramref name="rolesWithoutTenant"/>, since it would be one in every tenant.
    /// </summary>
    /// <returns>Null when <c>tenant_id</c> is there and is not one tenant: without a tenant it would be everybody's.</returns>
    public static ClaimsIdentity? Of(ClaimsPrincipal token, string client, IReadOnlyCollection<string> rolesWithoutTenant)
    {
        var tenants = token.FindAll(CallerClaims.Tenant).Select(claim => claim.Value).ToList();
        if (tenants.Count > 1 || tenants.Exists(tenant => string.IsNullOrWhiteSpace(tenant) || tenant[0] is '{' or '['))
            return null;

        var roles = token.FindAll("roles").Select(claim => claim.Value)
            .Concat(RolesIn(token.FindFirstValue("realm_access"), []))
            .Concat(RolesIn(token.FindFirstValue("resource_access"), [client]))
            .Select(role => role.ToLowerInvariant())
            .Where(role => Roles.OfPeople.Contains(role, StringComparer.Ordinal))
            .Distinct(StringComparer.Ordinal)
            .ToList();

        var isAdmin = roles.Contains(Roles.Admin, StringComparer.Ordinal);
        var claims = roles.Select(role => new Claim(
            tenants.Count > 0 || isAdmin || rolesWithoutTenant.Contains(role, StringComparer.Ordinal) ? CallerClaims.Role : CallerClaims.RoleWithoutTenant, role)).ToList();
        var name = token.FindFirstValue("preferred_username") ?? token.FindFirstValue("name") ?? token.FindFirstValue("sub");
        claims.Add(new(CallerClaims.Name, name ?? Caller.Anonymous));
        // A name can be changed, and given to the next one; the subject cannot.
        if (token.FindFirstValue("sub") is { Length: > 0 } subject)
            claims.Add(new(CallerClaims.Subject, subject));
        claims.AddRange(tenants.Select(tenant => new Claim(CallerClaims.Tenant, tenant)));
        return new(claims, Schemes.Oidc, CallerClaims.Name, CallerClaims.Role);
    }

    // A sample: {"account":{"roles":["view-profile"]},"aetherlink":{"roles":["operator"]}}
    private static string[] RolesIn(string? json, string[] path)
    {
        if (json is null)
            return [];
        try
        {
            using var document = JsonDocument.Parse(json);
            var at = document.RootElement;
            foreach (var name in path.Append("roles"))
            {
                if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                    return [];
            }
            return at.ValueKind switch
            {
                JsonValueKind.String => [at.GetString()!],
                JsonValueKind.Array =>
                    [.. at.EnumerateArray().Where(role => role.ValueKind == JsonValueKind.String).Select(role => role.GetString()!)],
                _ => [],
            };
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
