namespace AetherLink.Tests;

/// <summary>Where the sources are that this test assembly was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AetherLink.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No AetherLink.sln above {AppContext.BaseDirectory}.");
    }
}
