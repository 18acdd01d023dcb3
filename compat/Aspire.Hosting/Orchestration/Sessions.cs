namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Gives a process a session, and so a process group, of its own: Ctrl-C reaches the foreground group only, and the
/// mesh's ordered stop would be lost if it reached Postgres and the services at the same time.
/// </summary>
internal static class Sessions
{
    private static readonly string? SetSid = FindOnPath("setsid");

    internal static (string FileName, IReadOnlyList<string> Arguments) Wrap(string fileName, IReadOnlyList<string> arguments) =>
        SetSid is null ? (fileName, arguments) : (SetSid, [fileName, .. arguments]);

    /// <summary>The file of a program: as it is when it has a folder, and else from the path.</summary>
    internal static string? FindOnPath(string program, string? workingDirectory = null)
    {
        if (program.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            var file = Path.GetFullPath(program, workingDirectory ?? Directory.GetCurrentDirectory());
            return File.Exists(file) ? file : null;
        }

        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
    }
}
