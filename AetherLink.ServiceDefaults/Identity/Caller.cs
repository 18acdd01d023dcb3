using System.Reflection;
using System.Security.Claims;
using System.Text.Json.Serialization;

namespace AetherLink.ServiceDefaults;

/// <summary>Who asks. A handler takes it as a parameter.</summary>
/// <param name="Name">The person's or the service's name.</param>
/// <param name="Roles">The roles, in lower case.</param>
/// <param name="TenantId">The tenant the caller is confined to; null for none.</param>
/// <param name="IsService">Whether it is a service of the mesh.</param>
public sealed record Caller(string Name, IReadOnlyCollection<string> Roles, string? TenantId, bool IsService)
{
    internal const string Anonymous = "anonymous";

    /// <summary>The person as the issuer knows them, whatever they are called; null where no issuer knows them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Subject { get; init; }

    /// <summary>Whether the caller may see what belongs to this tenant.</summary>
    public bool MaySee(string tenantId) => TenantId is null || string.Equals(TenantId, tenantId, StringComparison.Ordinal);

    /// <summary>
    /// Narrows a question to the caller's tenant. A tenant that was asked for narrows what the caller may see, and never
    /// widens it.
    /// </summary>
    /// <param name="requested">The <c>tenant_id</c> of the request, if any.</param>
    /// <param name="effective">The tenant to answer for; null for all.</param>
    /// <returns>False when another tenant than the caller's was asked for: 403.</returns>
    public bool TryNarrow(string? requested, out string? effective)
    {
        effective = string.IsNullOrEmpty(requested) ? TenantId : requested;
        return effective is null || MaySee(effective);
    }

    /// <summary>Reads the caller from a principal.</summary>
    public static Caller Of(ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        var roles = user.FindAll(CallerClaims.Role).Select(claim => claim.Value).Distinct(StringComparer.Ordinal).ToArray();
        return new(
            user.FindFirstValue(CallerClaims.Name) ?? user.FindFirstValue("sub") ?? Anonymous,
            roles,
            user.FindFirstValue(CallerClaims.Tenant) is { Length: > 0 } tenant ? tenant : null,
            roles.Contains(ServiceDefaults.Roles.Service, StringComparer.Ordinal))
        {
            Subject = user.FindFirstValue(CallerClaims.Subject),
        };
    }

    /// <summary>Binds a handler's parameter.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ValueTask.FromResult<Caller?>(Of(context.User));
    }
}

internal static class PrincipalExtensions
{
    public static IEnumerable<string> Scopes(this ClaimsPrincipal user) =>
        user.FindAll(CallerClaims.Scope).SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
