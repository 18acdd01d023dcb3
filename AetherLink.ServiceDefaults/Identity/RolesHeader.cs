using System.Text.Json;

namespace AetherLink.ServiceDefaults;

/// <summary>The header <c>X-User-Roles</c>: <c>operator, admin</c> or <c>["operator","admin"]</c>, in any case.</summary>
internal static class RolesHeader
{
    public const string Name = "X-User-Roles";
    public const string Tenant = "X-Tenant-ID";
    public const string User = "X-User-Name";

    /// <summary>The roles of people that the value names; null when it is a malformed array.</summary>
    public static IReadOnlyList<string>? Parse(string value)
    {
        var text = value.Trim();
        var names = text.StartsWith('[') ? ParseArray(text) : text.Split(',');
        return names?
            .Select(name => name.Trim().ToLowerInvariant())
            .Where(name => Roles.OfPeople.Contains(name, StringComparer.Ordinal))
            .Distinct(StringComparer.Ordinal)
            .ToArray();
    }

    private static string[]? ParseArray(string text)
    {
        try
        {
            var names = JsonSerializer.Deserialize<string[]>(text);
            return names is null || names.Any(name => name is null) ? null : names;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
