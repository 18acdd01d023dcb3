namespace AetherLink.CommandCenter.Mesh;

/// <summary>Reads the services of the mesh from what Aspire's service discovery was given.</summary>
internal static class Discovery
{
    /// <summary><c>services:NAME:http:0</c>, or https where that is all there is; this service itself comes first.</summary>
    public static IReadOnlyList<ServiceEntry> Read(IConfiguration configuration, string self, string selfUrl) =>
    [
        Entry(self, selfUrl),
        .. configuration.GetSection("services").GetChildren()
            .Where(service => service.Key != self)
            .Select(service => (service.Key, Url: service["http:0"] ?? service["https:0"]))
            .Where(service => Uri.TryCreate(service.Url, UriKind.Absolute, out _))
            .Select(service => Entry(service.Key, service.Url!))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal),
    ];

    private static ServiceEntry Entry(string name, string url) =>
        new(name, url.TrimEnd('/'), url.TrimEnd('/') + "/health", null, [], [], null, EntrySource.Aspire);
}
