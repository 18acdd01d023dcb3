namespace AetherLink.Orchestrator.Settings;

/// <summary>Where the chain is described: AI_PROVIDERS_FILE, else config/ai-providers.yaml of the repository, else the published copy.</summary>
internal static class ProvidersFileLocation
{
    public const string Setting = "AI_PROVIDERS_FILE";
    private const string Default = "config/ai-providers.yaml";

    public static string Find(IConfiguration configuration, string contentRoot)
    {
        if (configuration[Setting] is { Length: > 0 } given)
            return Path.GetFullPath(given, contentRoot);
        for (var folder = new DirectoryInfo(contentRoot); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, Default);
            if (File.Exists(candidate)) return candidate;
        }
        return Path.Combine(AppContext.BaseDirectory, Default);
    }
}
