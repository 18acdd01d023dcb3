namespace Aspire.Hosting.Orchestration;

internal static class DotNetHost
{
    /// <summary>The program that runs this process, where it is dotnet; else the one of the installation, or of the path.</summary>
    internal static string Path { get; } = Find();

    private static string Find()
    {
        if (System.IO.Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            return Environment.ProcessPath!;
        }

        var root = Environment.GetEnvironmentVariable("DOTNET_ROOT");
        var inRoot = root is null ? null : System.IO.Path.Combine(root, "dotnet");
        return File.Exists(inRoot) ? inRoot : "dotnet";
    }
}
