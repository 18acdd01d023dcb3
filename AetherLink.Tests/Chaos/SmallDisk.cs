using System.Diagnostics;

namespace AetherLink.Tests.Chaos;

/// <summary>A disk of a few megabytes in memory, that can be filled up and emptied. Mounting takes root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Spools = 16;

    private static readonly Lazy<string?> Obstacle = new(FindObstacle);

    /// <summary>
    /// Takes the disk away when its standard input ends: when it is told so, and also when the test host is killed, which could
    /// not do it any more. A Ctrl-C, which reaches the whole group, must not end it first.
    /// </summary>
    private const string Keeper = """trap '' INT TERM HUP; read -r _; umount --lazy "$0" """;

    private readonly string _path;
    private readonly Process _keeper;

    private SmallDisk(string path)
    {
        _path = path;
        _keeper = Process.Start(new ProcessStartInfo("sh", ["-c", Keeper, path]) { RedirectStandardInput = true })!;
    }

    /// <summary>Why this machine has none; null when it has.</summary>
    public static string? WhyNot => Obstacle.Value;

    private string Ballast => Path.Combine(_path, "ballast");

    public static SmallDisk Mount(string path, int megabytes = Spools)
    {
        Directory.CreateDirectory(path);
        var fault = Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path);
        return fault is null ? new(path) : throw new IOException(fault);
    }

    public void Fill()
    {
        using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var page = new byte[4096];
        try
        {
            while (true)
            {
                ballast.Write(page);
            }
        }
        catch (IOException)
        {
            // It is full: that is what was wanted.
        }
    }

    public void Empty() => File.Delete(Ballast);

    public void Dispose()
    {
        _keeper.StandardInput.Close();
        _keeper.WaitForExit();
        _keeper.Dispose();
    }

    private static string? FindObstacle()
    {
        var folder = Directory.CreateTempSubdirectory("aetherlink-disk-").FullName;
        try
        {
            using var disk = Mount(folder);
            return null;
        }
        catch (IOException refused)
        {
            return $"no small disk can be mounted here: {refused.Message}";
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    private static string? Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : errors.Trim();
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return missing.Message;
        }
    }
}

/// <summary>A test that needs a disk that it may fill up; skipped, with the reason, where none can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    private static readonly string? Missing = Asked();

    /// <param name="soakBecause">Why it is the soak's alone; null when it is in every run.</param>
    public SmallDiskFactAttribute(string? soakBecause = null)
    {
        Skip = Missing ?? (Soak.IsOn ? null : soakBecause);
        if (Missing is null && Skip is not null)
        {
            Console.WriteLine($"Skipped without AETHERLINK_SOAK: {soakBecause}");
        }
    }

    private static string? Asked()
    {
        if (SmallDisk.WhyNot is { } reason)
        {
            Console.WriteLine($"Skipped, the tests that fill a disk up: {reason}");
        }
        return SmallDisk.WhyNot;
    }
}
