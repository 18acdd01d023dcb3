namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Options of service discovery.</summary>
public sealed class ServiceDiscoveryOptions
{
    /// <summary>Whether every scheme is allowed; otherwise <see cref="AllowedSchemes"/> are.</summary>
    public bool AllowAllSchemes { get; set; } = true;

    /// <summary>How often endpoints are looked up again where no change token tells of changes: 60 s.</summary>
    public TimeSpan RefreshPeriod { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The allowed schemes, if not all are.</summary>
    public IList<string> AllowedSchemes { get; set; } = [];

    /// <summary>Those of the requested schemes that are allowed; without a request, the allowed ones.</summary>
    public IReadOnlyList<string> ApplyAllowedSchemes(IReadOnlyList<string> requestedSchemes)
    {
        ArgumentNullException.ThrowIfNull(requestedSchemes);

        if (requestedSchemes.Count == 0)
            return AllowedSchemes.AsReadOnly();
        return AllowAllSchemes
            ? requestedSchemes
            : [.. requestedSchemes.Where(scheme => AllowedSchemes.Contains(scheme, StringComparer.OrdinalIgnoreCase))];
    }
}
