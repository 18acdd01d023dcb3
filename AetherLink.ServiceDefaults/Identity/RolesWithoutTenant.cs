namespace AetherLink.ServiceDefaults;

/// <summary>
/// The roles that count for a person without a tenant, and then in all of them: an admin's, and those that a deployment names. By default no
/// other, since an issuer that forgets somebody's tenant would make them everybody's operator.
/// </summary>
internal static class RolesWithoutTenant
{
    public const string Key = "Authentication:RolesWithoutTenant";

    /// <summary>Roles with commas between them.</summary>
    public static IReadOnlyCollection<string> Parse(string? text)
    {
        var named = (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(role => role.ToLowerInvariant()).Append(Roles.Admin).Distinct(StringComparer.Ordinal).ToArray();
        return Array.Find(named, role => !Roles.OfPeople.Contains(role, StringComparer.Ordinal)) is { } unknown
            ? throw new InvalidOperationException($"{Key}: {unknown} is no role. There are {string.Join(", ", Roles.OfPeople)}.")
            : named;
    }
}
