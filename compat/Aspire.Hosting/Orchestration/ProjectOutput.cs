using System.Reflection;
using System.Xml.Linq;

namespace Aspire.Hosting.Orchestration;

/// <summary>Where the build has put a project.</summary>
internal static class ProjectOutput
{
    // This assembly is built together with the AppHost and its projects.
    private static readonly string Configuration =
        typeof(ProjectOutput).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";

    /// <summary>The program of a project, of the configuration and framework that this was built with.</summary>
    internal static string Find(string projectPath)
    {
        var folder = Path.GetDirectoryName(projectPath)!;
        var name = AssemblyName(projectPath);
        var framework = $"net{Environment.Version.Major}.{Environment.Version.Minor}";
        string[] candidates =
        [
            Path.Combine(folder, "bin", Configuration, framework, $"{name}.dll"),
            Path.Combine(folder, "bin", Configuration, $"{name}.dll"),
        ];
        return candidates.FirstOrDefault(File.Exists) ?? throw new DistributedApplicationException(
            $"The project '{projectPath}' is not built: '{candidates[0]}' is not there. Run 'dotnet build -c {Configuration}' first.");
    }

    private static string AssemblyName(string projectPath) =>
        (File.Exists(projectPath)
            ? XDocument.Load(projectPath).Descendants("AssemblyName").FirstOrDefault()?.Value
            : null) ?? Path.GetFileNameWithoutExtension(projectPath);
}
