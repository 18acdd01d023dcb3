namespace AetherLink.CommandCenter.Mesh;

/// <summary>A service outside the mesh that said that it is there. It counts for as long as its lease.</summary>
internal sealed class RegisteredService
{
    public required string Name { get; init; }

    public required string Url { get; set; }

    public required string HealthUrl { get; set; }

    public string? Version { get; set; }

    public required string[] RolesRequired { get; set; }

    public required string[] Tags { get; set; }

    /// <summary>When it took or renewed its lease, by the storage's clock.</summary>
    public DateTimeOffset LastSeen { get; set; }

    /// <summary>Whether it says the same of itself, so that only its lease is renewed.</summary>
    public bool IsAs(RegisteredService other) =>
        (Name, Url, HealthUrl, Version) == (other.Name, other.Url, other.HealthUrl, other.Version)
        && RolesRequired.AsSpan().SequenceEqual(other.RolesRequired) && Tags.AsSpan().SequenceEqual(other.Tags);
}
