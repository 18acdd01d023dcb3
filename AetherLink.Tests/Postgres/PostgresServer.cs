using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace AetherLink.Tests.Postgres;

/// <summary>
/// A real Postgres of this test run's own, made from the machine's binaries: reachable by a Unix socket only, so that runs
/// side by side cannot collide. It ends with the test process, however that ends, and its folder goes with it.
/// </summary>
public sealed partial class PostgresServer
{
    private const string FolderPrefix = "aether-pg-";

    // Reads until the test process is gone, however that came, lets Postgres end, and takes the folder away. A handler in the
    // test process would not do: the test platform kills it a tenth of a second after the last test. A process that nobody
    // waits for stays in the table, but has no program any more.
    private const string Reaper =
        "exec >/dev/null 2>&1; read _; kill -QUIT \"$1\"; while [ -e /proc/\"$1\"/exe ]; do sleep 0.05; done; rm -rf \"$0\"";

    private static readonly Lazy<Task<PostgresServer>> Shared =
        new(() => Task.Run(Start), LazyThreadSafetyMode.ExecutionAndPublication);

    private readonly string _folder;
    private readonly Process _process;
    private readonly Process _reaper;
    private readonly Lazy<Task<string>> _template;

    private PostgresServer(string folder, Process process)
    {
        _folder = folder;
        _template = new(MakeTemplateAsync, LazyThreadSafetyMode.ExecutionAndPublication);
        _process = process;
        string[] arguments = ["sh", "-c", Reaper, folder, process.Id.ToString(CultureInfo.InvariantCulture)];
        _reaper = Process.Start(new ProcessStartInfo("setsid", arguments) { RedirectStandardInput = true })!;
    }

    /// <summary>The one server of this test run, started on first use.</summary>
    public static Task<PostgresServer> SharedAsync() => Shared.Value;

    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = _folder,
        Database = database,
        Username = "postgres",
        MaxPoolSize = 20,
        IncludeErrorDetail = true,
    }.ConnectionString;

    /// <summary>
    /// Makes a database with a name of its own, and gives its connection string. Where the tests are those of services, their schemas are in
    /// it, as after their first migrations, and nothing else: to make them anew for each test would take most of the time of many.
    /// </summary>
    public async Task<string> CreateDatabaseAsync(string prefix)
    {
        var name = $"{prefix}_{Guid.NewGuid():N}"[..Math.Min(60, prefix.Length + 33)].ToLowerInvariant();
        await ExecuteAsync($"create database \"{name}\" template \"{await _template.Value}\"");
        return ConnectionString(name);
    }

    /// <summary>What is in every database of the run; nothing, where nobody says.</summary>
    static partial void ChooseContent(ref Func<string, Task> fill);

    private async Task<string> MakeTemplateAsync()
    {
        const string Name = "with_schemas";
        await ExecuteAsync($"create database \"{Name}\"");
        Func<string, Task> fill = _ => Task.CompletedTask;
        ChooseContent(ref fill);
        await fill(ConnectionString(Name));
        return Name;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static PostgresServer Start()
    {
        var binaries = PostgresBinaries.Folder();
        var folder = Directory.CreateDirectory(
            Path.Combine(Path.GetTempPath(), $"{FolderPrefix}{Environment.ProcessId}-{Path.GetRandomFileName()[..6]}")).FullName;
        PostgresBinaries.GiveTo(folder);
        var data = Path.Combine(folder, "data");
        Run(PostgresBinaries.Command(Path.Combine(binaries, "initdb"),
            "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"));
        var process = StartOnItsOwnThread(PostgresBinaries.Command(Path.Combine(binaries, "postgres"),
            "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=300",
            "-c", "logging_collector=off", "-c", "log_min_messages=fatal"));
        var server = new PostgresServer(folder, process);
        server.WaitUntilItAnswers();
        return server;
    }

    internal static void Run(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{start.FileName} ended with {process.ExitCode}: {errors}");
        }
    }

    /// <summary>The parent-death signal belongs to the thread that started the child: it must live as long as the run.</summary>
    internal static Process StartOnItsOwnThread(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>();
        new Thread(() =>
        {
            try
            {
                var process = Process.Start(start)!;
                process.OutputDataReceived += (_, _) => { };
                process.ErrorDataReceived += (_, _) => { };
                process.BeginOutputReadLine();
                process.BeginErrorReadLine();
                started.SetResult(process);
                process.WaitForExit();
            }
            catch (Exception failure)
            {
                started.TrySetException(failure);
            }
        })
        { IsBackground = true, Name = "postgres" }.Start();
        return started.Task.GetAwaiter().GetResult();
    }

    private void WaitUntilItAnswers() =>
        Eventually.True(
            () =>
            {
                if (_process.HasExited || _reaper.HasExited)
                {
                    throw new InvalidOperationException("Postgres, or what takes it away afterwards, ended while it was starting.");
                }
                try
                {
                    ExecuteAsync("select 1").GetAwaiter().GetResult();
                    return true;
                }
                catch (NpgsqlException)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(30)).GetAwaiter().GetResult();
}
