namespace Aspire.Hosting.Postgres;

/// <summary>The Postgres of this machine.</summary>
internal sealed record PostgresInstallation(string BinFolder)
{
    // Debian keeps the programs of each version in a folder of its own, off the path.
    private const string DebianFolder = "/usr/lib/postgresql";

    internal string Server => Path.Combine(BinFolder, "postgres");

    internal string InitDb => Path.Combine(BinFolder, "initdb");

    /// <summary>The one on the path; else Debian's newest.</summary>
    internal static PostgresInstallation? Find()
    {
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var debians = Directory.Exists(DebianFolder)
            ? Directory.GetDirectories(DebianFolder)
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        return onPath.Concat(debians)
            .Select(folder => new PostgresInstallation(folder))
            .FirstOrDefault(installation => File.Exists(installation.Server) && File.Exists(installation.InitDb));
    }
}
