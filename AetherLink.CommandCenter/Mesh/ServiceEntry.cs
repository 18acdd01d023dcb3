namespace AetherLink.CommandCenter.Mesh;

/// <summary>How a service came into the catalogue.</summary>
internal enum EntrySource
{
    /// <summary>Of the mesh: service discovery knows it.</summary>
    Aspire,

    /// <summary>From outside, by a lease.</summary>
    Registered,
}

/// <summary>A service of the catalogue.</summary>
internal sealed record ServiceEntry(
    string Name, string Url, string HealthUrl, string? Version, IReadOnlyList<string> RolesRequired, IReadOnlyList<string> Tags,
    DateTimeOffset? LastSeen, EntrySource Source)
{
    public static ServiceEntry Of(RegisteredService registered) => new(
        registered.Name, registered.Url, registered.HealthUrl, registered.Version, registered.RolesRequired, registered.Tags,
        registered.LastSeen, EntrySource.Registered);
}
