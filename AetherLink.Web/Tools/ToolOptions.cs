namespace AetherLink.Web.Tools;

/// <summary>Where a person's browser finds what runs beside the mesh, to look at it with: the section <c>Tools</c>.</summary>
internal sealed class ToolOptions
{
    public const string Section = "Tools";

    /// <summary>Aspire's own.</summary>
    public string? Dashboard { get; init; }

    public string? Grafana { get; init; }

    public string? Prometheus { get; init; }

    public IEnumerable<Tool> Named =>
        new (string Name, string? Url)[] { ("Aspire dashboard", Dashboard), ("Grafana", Grafana), ("Prometheus", Prometheus) }
            .Where(tool => !string.IsNullOrEmpty(tool.Url)).Select(tool => new Tool(tool.Name, tool.Url!));

    /// <summary>A link that people follow: of the web, and without a name or password in it.</summary>
    public bool AreOfTheWeb() => Named.All(tool =>
        Uri.TryCreate(tool.Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0);
}
