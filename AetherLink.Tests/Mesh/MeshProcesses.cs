using System.Diagnostics;

namespace AetherLink.Tests.Mesh;

/// <summary>Finds the processes of one mesh among all on the machine, by its folder: in their environment, or where they run.</summary>
internal static class MeshProcesses
{
    /// <summary>The processes that run an assembly, or a program, and belong to <paramref name="folder"/>.</summary>
    public static IEnumerable<Process> Of(string program, string folder) =>
        Process.GetProcesses().Where(process => Runs(process, program) && Belongs(process, folder));

    /// <summary>Every process that was given a folder under <paramref name="folder"/>, or runs in one.</summary>
    public static IEnumerable<Process> Of(string folder) =>
        Process.GetProcesses().Where(process => process.Id != System.Environment.ProcessId && Belongs(process, folder));

    /// <summary>The processes that one has started, itself and not by others; what its name holds does not matter.</summary>
    public static IReadOnlyList<int> ChildrenOf(int process) =>
    [
        .. Process.GetProcesses().Where(one => Read(one, "stat") is var stat && stat.LastIndexOf(')') is > 0 and var end
            && stat[(end + 2)..].Split(' ') is [_, var parent, ..]
            && parent == process.ToString(System.Globalization.CultureInfo.InvariantCulture)).Select(one => one.Id),
    ];

    /// <summary>What a process was given at its start.</summary>
    public static Dictionary<string, string> EnvironmentOf(Process process) => Read(process, "environ")
        .Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(variable => variable.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    private static bool Runs(Process process, string program) =>
        Read(process, "cmdline").Split('\0').Take(3).Any(argument => Path.GetFileNameWithoutExtension(argument) == program
            || Path.GetFileName(argument) == program);

    private static bool Belongs(Process process, string folder) =>
        Read(process, "environ").Contains(folder, StringComparison.Ordinal) || RunsIn(process, folder);

    private static bool RunsIn(Process process, string folder)
    {
        try
        {
            return new FileInfo($"/proc/{process.Id}/cwd").LinkTarget?.StartsWith(folder, StringComparison.Ordinal) is true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

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
