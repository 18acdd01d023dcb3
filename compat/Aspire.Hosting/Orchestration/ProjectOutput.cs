using System.Reflection;
using System.Xml.Linq;

namespace Aspire.Hosting.Orchestration;

/// <summary>Where the build has put a project.</summary>
internal static class ProjectOutput
{
    /// <summary>The program of a project, of the configuration and framework that the AppHost itself was built with.</summary>
    internal static string Find(string projectPath, Assembly? appHost)
    {
        var folder = Path.GetDirectoryName(projectPath)!;
        var name = AssemblyName(projectPath);
        var configuration = appHost?.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";
        var framework = $"net{Environment.Version.Major}.{Environment.Version.Minor}";
        string[] candidates =
        [
            Path.Combine(folder, "bin", configuration, framework, $"{name}.dll"),
            Path.Combine(folder, "bin", configuration, $"{name}.dll"),
        ];
        return candidates.FirstOrDefault(File.Exists) ?? throw new DistributedApplicationException(
            $"The project '{projectPath}' is not built: '{candidates[0]}' is not there. Run 'dotnet build -c {configuration}' first.");
    }

    private static string AssemblyName(string projectPath) =>
        (File.Exists(projectPath)
            ? XDocument.Load(projectPath).Descendants("AssemblyName").FirstOrDefault()?.Value
            : null) ?? Path.GetFileNameWithoutExtension(projectPath);
}
