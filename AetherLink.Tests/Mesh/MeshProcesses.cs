using System.Diagnostics;

namespace AetherLink.Tests.Mesh;

/// <summary>Finds the processes of one mesh among all on the machine, by the data folder in their environment.</summary>
internal static class MeshProcesses
{
    /// <summary>The processes that run an assembly and were given a folder under <paramref name="folder"/>.</summary>
    public static IEnumerable<Process> Of(string assembly, string folder) =>
        Process.GetProcesses().Where(process => Runs(process, assembly) && Environment(process).Contains(folder, StringComparison.Ordinal));

    private static bool Runs(Process process, string assembly) =>
        Read(process, "cmdline").Split('\0').Take(3).Any(argument => Path.GetFileNameWithoutExtension(argument) == assembly
            || Path.GetFileName(argument) == assembly);

    private static string Environment(Process process) => Read(process, "environ");

    private static string Read(Process process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/{file}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended between the listing and the reading, or belongs to somebody else.
            return "";
        }
    }
}
