using System.Text.RegularExpressions;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Mesh;

/// <summary>Reads a registration, and names all that is wrong with it at once.</summary>
internal static partial class RegistrationCheck
{
    private const int LongestUrl = 2_048;
    private const int MostItems = 50;
    private const int LongestItem = 64;

    public static (RegisteredService? Service, IReadOnlyList<FieldError> Errors) Read(Registration body)
    {
        var errors = new List<FieldError>();
        if (body.Name is null || !Names().IsMatch(body.Name))
        {
            errors.Add(new("name", body.Name is null ? "is required" : "must be 1 to 63 letters, digits, dots, dashes or underscores"));
        }
        CheckUrl(errors, "url", body.Url, required: true);
        CheckUrl(errors, "health_url", body.HealthUrl, required: false);
        if (body.Version is { } version && (version.Length is 0 or > LongestItem || version.Any(char.IsControl)))
        {
            errors.Add(new("version", $"must be 1 to {LongestItem} characters, without control characters"));
        }
        CheckItems(errors, "roles_required", body.RolesRequired);
        CheckItems(errors, "tags", body.Tags);
        return errors.Count > 0
            ? (null, errors)
            : (new RegisteredService
            {
                Name = body.Name!,
                Url = body.Url!.TrimEnd('/'),
                HealthUrl = body.HealthUrl ?? body.Url!.TrimEnd('/') + "/ping",
                Version = body.Version,
                RolesRequired = [.. body.RolesRequired ?? []],
                Tags = [.. body.Tags ?? []],
            }, []);
    }

    private static void CheckUrl(List<FieldError> errors, string field, string? url, bool required)
    {
        if (url is null)
        {
            if (required)
            {
                errors.Add(new(field, "is required"));
            }
            return;
        }
        if (url.Length > LongestUrl || url.Any(char.IsControl) || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            errors.Add(new(field, "must be an absolute http or https URL"));
        }
        else if (uri.UserInfo.Length > 0)
        {
            errors.Add(new(field, "must not hold a user or a password: it is shown to every operator"));
        }
    }

    private static void CheckItems(List<FieldError> errors, string field, IReadOnlyList<string>? items)
    {
        if (items is { Count: > MostItems } || items?.Any(item => item is not { Length: > 0 and <= LongestItem } || item.Contains('\0', StringComparison.Ordinal)) is true)
        {
            errors.Add(new(field, $"must be at most {MostItems} texts of 1 to {LongestItem} characters"));
        }
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
    private static partial Regex Names();
}
