using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Postgres;

/// <summary>Runs a server of the model by the Postgres of this machine.</summary>
internal sealed class LocalPostgres(PostgresServerResource server, PostgresInstallation installation)
{
    internal const string Ready = "ready";

    private readonly UnprivilegedUser? _user = UnprivilegedUser.Find();
    private string? _data;

    /// <summary>What the server says of itself in the eighth line of its lock file.</summary>
    internal string Status
    {
        get
        {
            try
            {
                return _data is null
                    ? "not started"
                    : File.ReadLines(LockOf(_data)).ElementAtOrDefault(7)?.Trim() ?? "starting";
            }
            catch (IOException)
            {
                return "starting";
            }
        }
    }

    internal async Task<ProcessSpec> PrepareAsync(LocalProcessContext context, CancellationToken cancellationToken)
    {
        var mount = server.Annotations.OfType<ContainerMountAnnotation>()
            .LastOrDefault(candidate => candidate.Target == PostgresBuilderExtensions.DataFolder(server));
        var folder = mount switch
        {
            { Type: ContainerMountType.Volume, Source: { } name } => context.Store.Volume(name),
            { Type: ContainerMountType.BindMount, Source: { } path } => Directory.CreateDirectory(path).FullName,
            _ => context.Store.Scratch(server.Name),
        };
        _user?.Own(folder);
        _data = Path.Combine(folder, "data");
        if (!Directory.Exists(_data))
        {
            await InitialiseAsync(folder, _data, context, cancellationToken).ConfigureAwait(false);
        }

        await PredecessorGoneAsync(_data, cancellationToken).ConfigureAwait(false);
        DropForeignLock(_data);

        var port = server.PrimaryEndpoint.Port.ToString(CultureInfo.InvariantCulture);
        List<string> arguments =
        [
            "-D", _data, "-p", port,
            "-c", "listen_addresses=localhost",
            "-c", "unix_socket_directories=",
            "-c", "max_connections=200",
        ];
        if (mount is null)
        {
            // A folder for this run only: nothing of it needs to survive the machine. A commit has to survive the server,
            // which may be killed and started again; so it is still written before it is answered.
            arguments.AddRange(["-c", "fsync=off", "-c", "full_page_writes=off"]);
        }

        var (fileName, all) = As(installation.Server, arguments, folder);
        return new(fileName, all, folder) { StopSignal = Signals.Interrupt };
    }

    /// <summary>
    /// A server does not start while a child of a killed one is still attached to its memory, nor while the killed one itself
    /// has a process id: also as a zombie, until somebody has taken note of its end. Both pass by themselves. After ten
    /// seconds the server may say itself why not.
    /// </summary>
    private static async Task PredecessorGoneAsync(string data, CancellationToken cancellationToken)
    {
        var asked = Stopwatch.StartNew();
        while (asked.Elapsed < TimeSpan.FromSeconds(10) && (WorksIn(data) || IsEnding(data)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// A killed server's lock file names its process, and does not hold once that is gone. But the system gives process ids out
    /// again: to another server of the same user, say, and then no server would start here for as long as that one runs.
    /// Whoever runs here works here, so that a lock whose holder lives and works elsewhere is nobody's.
    /// </summary>
    private static void DropForeignLock(string data)
    {
        try
        {
            if (!WorksIn(data) && Directory.Exists(Path.Combine(HolderOf(data), "cwd")))
            {
                File.Delete(LockOf(data));
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // There is none, or an empty one.
        }
    }

    private static string LockOf(string data) => Path.Combine(data, "postmaster.pid");

    /// <summary>What the system says of the process that the lock file names in its first line.</summary>
    private static string HolderOf(string data) => Path.Combine("/proc", File.ReadLines(LockOf(data)).First());

    /// <summary>Each of its processes works in the data folder, by which it is found.</summary>
    private static bool WorksIn(string data) => Directory.EnumerateDirectories("/proc").Any(process =>
    {
        try
        {
            return int.TryParse(Path.GetFileName(process), out _)
                && File.ResolveLinkTarget(Path.Combine(process, "cwd"), returnFinalTarget: false)?.FullName == data;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has just ended, or is somebody else's.
            return false;
        }
    });

    /// <summary>What is ending works nowhere any more; the lock file that it left names it, in its first line.</summary>
    private static bool IsEnding(string data)
    {
        try
        {
            var process = HolderOf(data);
            return File.ReadAllText(Path.Combine(process, "comm")).TrimEnd() == "postgres" && !Directory.Exists(Path.Combine(process, "cwd"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // It has ended, or there was none.
            return false;
        }
    }

    private (string FileName, IReadOnlyList<string> Arguments) As(string program, List<string> arguments, string folder) =>
        _user?.Run(program, arguments, folder) ?? (program, arguments);

    private async Task InitialiseAsync(string folder, string data, LocalProcessContext context, CancellationToken cancellationToken)
    {
        // Under another name until it is whole: a start that was killed half-way leaves nothing that looks like data.
        var unfinished = data + ".new";
        var passwordFile = Path.Combine(folder, "password");
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        var password = await server.PasswordParameter.GetValueAsync(cancellationToken).ConfigureAwait(false);
        var userName = await server.UserNameReference.GetValueAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await WritePrivateAsync(passwordFile, password!, cancellationToken).ConfigureAwait(false);
            var (fileName, arguments) = As(
                installation.InitDb,
                ["-D", unfinished, "-U", userName!, $"--pwfile={passwordFile}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"],
                folder);
            await RunAsync(new ProcessStartInfo(fileName, arguments) { WorkingDirectory = folder }, context.Write, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(passwordFile);
        }

        Directory.Move(unfinished, data);
    }

    private async Task WritePrivateAsync(string path, string text, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(path, "", cancellationToken).ConfigureAwait(false);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        _user?.Own(path);
        await File.WriteAllTextAsync(path, text, cancellationToken).ConfigureAwait(false);
    }

    private static async Task RunAsync(ProcessStartInfo start, Action<string> write, CancellationToken cancellationToken)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        await output.ConfigureAwait(false);
        if (process.ExitCode != 0)
        {
            throw new DistributedApplicationException(
                $"{Path.GetFileName(start.FileName)} ended with {process.ExitCode}: {(await errors.ConfigureAwait(false)).Trim()}");
        }

        write("The data folder was made.");
    }
}
