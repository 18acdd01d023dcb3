using System.Net.Http.Headers;
using System.Text;

namespace AetherLink.ServiceDefaults;

/// <summary>Where Grafana's annotations are, and with what they are asked for.</summary>
internal sealed record Grafana(Uri Annotations, AuthenticationHeaderValue? Credentials)
{
    private const string UrlKey = "GRAFANA_URL";

    /// <summary>On every mark of the mesh: the dashboards show those that have it.</summary>
    public const string Tag = "aetherlink";

    /// <summary>Null where there is none.</summary>
    /// <exception cref="InvalidOperationException">Its address is none.</exception>
    public static Grafana? Of(IConfiguration configuration)
    {
        if (configuration[UrlKey] is not { Length: > 0 } url)
            return null;
        if (!Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new InvalidOperationException($"{UrlKey} must be an http or https URL.");
        return new(new(address, "api/annotations"), configuration["GRAFANA_API_KEY"] is { Length: > 0 } key ? CredentialsOf(key) : null);
    }

    // Grafana's tokens have no colon: with one it is `user:password`, which is what a Grafana without any token yet takes.
    private static AuthenticationHeaderValue CredentialsOf(string key) => key.Contains(':', StringComparison.Ordinal)
        ? new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key)))
        : new("Bearer", key);
}
