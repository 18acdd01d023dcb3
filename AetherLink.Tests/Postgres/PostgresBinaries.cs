using System.Diagnostics;

namespace AetherLink.Tests.Postgres;

/// <summary>Finds the machine's Postgres, and starts its programs as somebody whom they accept.</summary>
internal static class PostgresBinaries
{
    private static readonly string? Unprivileged = Environment.IsPrivilegedProcess
        ? File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody"
        : null;

    public static string Folder() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Concat(Directory.Exists("/usr/lib/postgresql")
                ? Directory.GetDirectories("/usr/lib/postgresql")
                    .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
                    .Select(folder => Path.Combine(folder, "bin"))
                : [])
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")))
        ?? throw new InvalidOperationException("No Postgres on this machine: install the package 'postgresql'.");

    /// <summary>initdb and postgres refuse to run as root, so as root they run as an unprivileged user.</summary>
    public static ProcessStartInfo Command(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("setpriv")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        string[] who = Unprivileged is null ? [] : ["--reuid", Unprivileged, "--regid", GroupOf(Unprivileged), "--clear-groups"];
        foreach (var argument in (string[])["--pdeathsig", "QUIT", .. who, program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }
        return start;
    }

    public static void GiveTo(string folder)
    {
        if (Unprivileged is null)
        {
            return;
        }
        using var chown = Process.Start("chown", [$"{Unprivileged}:{GroupOf(Unprivileged)}", folder]);
        chown.WaitForExit();
    }

    private static string GroupOf(string user) => File.ReadLines("/etc/passwd")
        .Select(line => line.Split(':'))
        .First(fields => fields[0] == user)[3];
}
