using System.Globalization;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// A variable that every process of a mesh inherits, by which those are found that have left their group or their
/// parent. Processes of other users cannot always be read; they are known by their groups.
/// </summary>
internal static class MeshMarker
{
    internal const string Variable = "ASPIRE_MESH";

    /// <summary>The processes whose marker begins with a value: a mesh, or one resource of it.</summary>
    internal static List<int> FindProcesses(string value) => FindProcesses(Variable, value);

    internal static List<int> FindProcesses(string variable, string value)
    {
        var found = new List<int>();
        if (!OperatingSystem.IsLinux())
        {
            return found;
        }

        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && id != Environment.ProcessId
                && Carries(id, $"{variable}={value}"))
            {
                found.Add(id);
            }
        }

        return found;
    }

    private static bool Carries(int id, string beginning)
    {
        try
        {
            // An ended process that nobody has waited for yet has an empty environment.
            return File.ReadAllText($"/proc/{id}/environ").Split('\0')
                .Any(variable => variable.StartsWith(beginning, StringComparison.Ordinal));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
