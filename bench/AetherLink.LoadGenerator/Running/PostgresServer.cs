using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace AetherLink.LoadGenerator.Running;

/// <summary>
/// A Postgres of this run's own, from the machine's binaries, with the settings it ships with: fsync on, every commit synced.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Database = "aetherlink";

    private static readonly string[] Account = ["-c", "shared_preload_libraries=pg_stat_statements", "-c", "pg_stat_statements.track_planning=on"];

    private readonly ChildProcess _process;
    private readonly string _folder;
    private readonly int _port;

    private PostgresServer(ChildProcess process, string folder, int port) => (_process, _folder, _port) = (process, folder, port);

    public int ProcessId => _process.Id;

    public string ConnectionString => ConnectionTo(_port, Database);

    /// <param name="folder">Where its data go.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <param name="keepsAccount">Of its statements (pg_stat_statements); otherwise it is as it ships.</param>
    public static async Task<PostgresServer> StartAsync(string folder, CancellationToken cancellationToken, bool keepsAccount = false)
    {
        var binaries = Folder();
        folder = Directory.CreateDirectory(Path.Combine(folder, $"postgres-{Path.GetRandomFileName()[..6]}")).FullName;
        // initdb and postgres refuse to run as root.
        string[] who = Environment.IsPrivilegedProcess ? Unprivileged() : [];
        if (who.Length > 0)
        {
            using var chown = Process.Start("chown", [$"{who[1]}:{who[3]}", folder]);
            await chown.WaitForExitAsync(cancellationToken);
        }
        var data = Path.Combine(folder, "data");
        await using (var initdb = await ChildProcess.StartAsync(
            [.. who, Path.Combine(binaries, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale"]))
        {
            while (!initdb.HasExited)
            {
                await Task.Delay(50, cancellationToken);
            }
        }
        var port = Ports.Free();
        var process = await ChildProcess.StartAsync(
            [.. who, Path.Combine(binaries, "postgres"), "-D", data, "-c", "listen_addresses=127.0.0.1",
                "-c", $"port={port.ToString(CultureInfo.InvariantCulture)}", "-c", "unix_socket_directories=",
                .. keepsAccount ? Account : []]);
        var server = new PostgresServer(process, folder, port);
        await server.CreateDatabaseAsync(cancellationToken);
        return server;
    }

    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false;Command Timeout=300");
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    public async Task<object?> AskAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken, params int[] arguments)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var argument in arguments)
        {
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = argument });
        }
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionTo(_port, "postgres") + ";Pooling=false");
                await connection.OpenAsync(cancellationToken);
                await using var create = new NpgsqlCommand($"create database {Database}", connection);
                await create.ExecuteNonQueryAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException) when (!_process.HasExited && deadline.Elapsed < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(50, cancellationToken);
            }
            catch (NpgsqlException away)
            {
                throw new InvalidOperationException($"Postgres does not start: {_process.Tail}", away);
            }
        }
    }

    private static string ConnectionTo(int port, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Database = database,
        Username = "postgres",
    }.ConnectionString;

    private static string Folder() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Concat(Directory.Exists("/usr/lib/postgresql")
                ? Directory.GetDirectories("/usr/lib/postgresql")
                    .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
                    .Select(folder => Path.Combine(folder, "bin"))
                : [])
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
        ?? throw new InvalidOperationException("No Postgres on this machine: ./aether setup installs it.");

    private static string[] Unprivileged()
    {
        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).ToList();
        var user = users.Find(fields => fields[0] == "postgres") ?? users.Find(fields => fields[0] == "nobody")!;
        return ["--reuid", user[0], "--regid", user[3], "--clear-groups"];
    }
}
