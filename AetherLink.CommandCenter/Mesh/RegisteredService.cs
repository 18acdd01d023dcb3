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
}
